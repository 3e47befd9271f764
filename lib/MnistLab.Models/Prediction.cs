using System.Globalization;
using MnistLab.Hosting;

namespace MnistLab.Models;

/// <summary>Represents the prediction for one image.</summary>
/// <param name="PredictedLabel">The most probable label.</param>
/// <param name="Scores">The most probable labels, best first; the first of them is
/// <paramref name="PredictedLabel"/>.</param>
public sealed record Prediction(string PredictedLabel, IReadOnlyList<LabelScore> Scores)
{
    /// <summary>The default number of labels in a prediction: five, as in the original service.</summary>
    public const int DefaultCount = 5;

    private const int MaxOnStack = 256;

    /// <summary>
    /// Converts logits to probabilities by the softmax, exp(zᵢ) / Σ exp(zⱼ), and keeps the largest. Labels are the
    /// positions of the logits: 0, 1, 2, …
    /// </summary>
    /// <param name="logits">The output of the model: finite numbers, one per label; not empty.</param>
    /// <param name="count">The maximum number of labels to keep, at least 1.</param>
    /// <exception cref="ArgumentException">There are no logits, or one of them is not finite.</exception>
    public static Prediction FromLogits(IReadOnlyList<float> logits, int count = DefaultCount)
    {
        ArgumentNullException.ThrowIfNull(logits);
        NumberRange.RequireAtLeast(count, 1);
        if (logits.Count == 0) throw new ArgumentException("There are no logits.", nameof(logits));
        Span<int> labels = logits.Count <= MaxOnStack ? stackalloc int[logits.Count] : new int[logits.Count];
        Span<float> keys = logits.Count <= MaxOnStack ? stackalloc float[logits.Count] : new float[logits.Count];
        double largest = float.NegativeInfinity;
        for (var label = 0; label < keys.Length; label++)
        {
            if (!float.IsFinite(logits[label]))
                throw new ArgumentException(
                    $"Logits must be finite, but are {string.Join(", ", logits.Select(z => z.ToString(CultureInfo.InvariantCulture)))}.",
                    nameof(logits));
            // Sorted by logit, because the probabilities of different logits can round to the same number.
            (labels[label], keys[label]) = (label, -logits[label]);
            largest = Math.Max(largest, logits[label]);
        }

        // Subtracting the largest logit does not change the probabilities and prevents exp from overflowing.
        double sum = 0;
        foreach (var key in keys) sum += Math.Exp(-key - largest);
        keys.Sort(labels);
        var scores = new LabelScore[Math.Min(count, keys.Length)];
        for (var i = 0; i < scores.Length; i++)
            scores[i] = new LabelScore(labels[i].ToString(CultureInfo.InvariantCulture), Math.Exp(-keys[i] - largest) / sum);
        return new Prediction(scores[0].Label, scores);
    }
}
