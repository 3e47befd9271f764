using System.Globalization;

namespace MnistLab.Serving;

/// <summary>The answer to a prediction request, in ModelArts's shape: <c>{"predicted_label":"2","scores":[["2","0.998"],…]}</c>.</summary>
internal sealed record PredictionAnswer(string PredictedLabel, string[][] Scores)
{
    public static PredictionAnswer From(Prediction prediction) => new(
        prediction.PredictedLabel,
        [.. prediction.Scores.Select(score => new[] { score.Label, score.Score.ToString("0.000", CultureInfo.InvariantCulture) })]);
}
