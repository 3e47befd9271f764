using System.Globalization;

namespace MnistLab.Client;

/// <summary>Represents the service's response to one image.</summary>
/// <param name="PredictedLabel">The most probable label.</param>
/// <param name="Scores">The most probable labels, best first; the first one is <paramref name="PredictedLabel"/>. The
/// service returns five by default.</param>
public sealed record PredictionResponse(string PredictedLabel, IReadOnlyList<PredictionScore> Scores)
{
    /// <summary>Returns the label, and all scores as percentages, such as <c>2 (2: 98.1%, 7: 1.2%)</c>.</summary>
    public override string ToString() => $"{PredictedLabel} ({string.Join(", ", Scores.Select(Describe))})";

    private static string Describe(PredictionScore score) =>
        string.Create(CultureInfo.InvariantCulture, $"{score.Label}: {score.Score:0.0%}");
}

/// <summary>Represents the probability of one label.</summary>
/// <param name="Label">The label: the name of a class, such as a digit, <c>"0"</c> to <c>"9"</c>.</param>
/// <param name="Score">The probability, 0 to 1.</param>
public sealed record PredictionScore(string Label, double Score);
