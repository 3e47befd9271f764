using System.Globalization;

namespace MnistLab.Serving;

/// <summary>What a model says of one picture.</summary>
/// <param name="PredictedLabel">The most probable label.</param>
/// <param name="Scores">The most probable labels, best first; the first of them is <paramref name="PredictedLabel"/>.</param>
public sealed record Prediction(string PredictedLabel, IReadOnlyList<LabelScore> Scores)
{
    /// <summary>How many labels an answer names: the original's service names five.</summary>
    public const int DefaultCount = 5;

    /// <summary>
    /// Turns logits into probabilities by the softmax, exp(zᵢ) / Σ exp(zⱼ), and keeps the largest. Labels are the logits' positions: 0, 1, 2, …
    /// </summary>
    /// <param name="logits">The model's output, one number a label, finite; not empty.</param>
    /// <param name="count">How many labels to keep, at least 1; fewer are kept where there are fewer.</param>
    /// <exception cref="ArgumentException">There are no logits, or one of them is not a finite number.</exception>
    public static Prediction FromLogits(IReadOnlyList<float> logits, int count = DefaultCount)
    {
        ArgumentNullException.ThrowIfNull(logits);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        if (logits.Count == 0) throw new ArgumentException("There are no logits.", nameof(logits));
        if (!logits.All(float.IsFinite)) throw new ArgumentException($"Logits have to be finite, but these are {string.Join(", ", logits.Select(z => z.ToString(CultureInfo.InvariantCulture)))}.", nameof(logits));

        // The largest logit is taken from all: the ratio stays the same, and exp cannot overflow.
        double largest = logits.Max();
        var exponentials = logits.Select(logit => Math.Exp(logit - largest)).ToArray();
        var sum = exponentials.Sum();
        // Sorted as numbers, by logit: probabilities of very different logits can round to the same number.
        var scores = Enumerable.Range(0, logits.Count)
            .OrderByDescending(label => logits[label])
            .Take(count)
            .Select(label => new LabelScore(label.ToString(CultureInfo.InvariantCulture), exponentials[label] / sum))
            .ToArray();
        return new Prediction(scores[0].Label, scores);
    }
}
