using System.Globalization;
using MnistLab.Hosting;

namespace MnistLab.Models;

/// <summary>What a model says of one picture.</summary>
/// <param name="PredictedLabel">The most probable label.</param>
/// <param name="Scores">The most probable labels, best first; the first of them is <paramref name="PredictedLabel"/>.</param>
public sealed record Prediction(string PredictedLabel, IReadOnlyList<LabelScore> Scores)
{
    /// <summary>How many labels an answer names: the original's service names five.</summary>
    public const int DefaultCount = 5;

    private const int MostOnStack = 256;

    /// <summary>
    /// Turns logits into probabilities by the softmax, exp(zᵢ) / Σ exp(zⱼ), and keeps the largest. Labels are the logits' positions: 0, 1, 2, …
    /// </summary>
    /// <param name="logits">The model's output, one number a label, finite; not empty.</param>
    /// <param name="count">How many labels to keep, at least 1; fewer are kept where there are fewer.</param>
    /// <exception cref="ArgumentException">There are no logits, or one of them is not a finite number.</exception>
    public static Prediction FromLogits(IReadOnlyList<float> logits, int count = DefaultCount)
    {
        ArgumentNullException.ThrowIfNull(logits);
        NumberRange.RequireAtLeast(count, 1);
        if (logits.Count == 0) throw new ArgumentException("There are no logits.", nameof(logits));
        Span<int> labels = logits.Count <= MostOnStack ? stackalloc int[logits.Count] : new int[logits.Count];
        Span<float> keys = logits.Count <= MostOnStack ? stackalloc float[logits.Count] : new float[logits.Count];
        double largest = float.NegativeInfinity;
        for (var label = 0; label < keys.Length; label++)
        {
            if (!float.IsFinite(logits[label])) throw new ArgumentException($"Logits have to be finite, but these are {string.Join(", ", logits.Select(z => z.ToString(CultureInfo.InvariantCulture)))}.", nameof(logits));
            // Sorted as numbers, by logit: probabilities of very different logits can round to the same number.
            (labels[label], keys[label]) = (label, -logits[label]);
            largest = Math.Max(largest, logits[label]);
        }

        // The largest logit is taken from all: the ratio stays the same, and exp cannot overflow.
        double sum = 0;
        foreach (var key in keys) sum += Math.Exp(-key - largest);
        keys.Sort(labels);
        var scores = new LabelScore[Math.Min(count, keys.Length)];
        for (var i = 0; i < scores.Length; i++) scores[i] = new LabelScore(labels[i].ToString(CultureInfo.InvariantCulture), Math.Exp(-keys[i] - largest) / sum);
        return new Prediction(scores[0].Label, scores);
    }
}
