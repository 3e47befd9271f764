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
    /// Converts logits to probabilities by the <see cref="Softmax"/>, and keeps the largest. Labels are the
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
        var (isSmall, classes) = (logits.Count <= MaxOnStack, logits.Count);
        Span<int> labels = isSmall ? stackalloc int[classes] : new int[classes];
        Span<float> keys = isSmall ? stackalloc float[classes] : new float[classes];
        Span<double> probabilities = isSmall ? stackalloc double[classes] : new double[classes];
        for (var label = 0; label < classes; label++)
        {
            if (!float.IsFinite(logits[label]))
            {
                var numbers = string.Join(", ", logits.Select(logit => logit.ToString(CultureInfo.InvariantCulture)));
                throw new ArgumentException($"Logits must be finite, but are {numbers}.", nameof(logits));
            }

            (labels[label], keys[label]) = (label, logits[label]);
        }

        Softmax.Compute(keys, probabilities);
        // Sorted by logit, because the probabilities of different logits can round to the same number.
        foreach (ref var key in keys) key = -key;
        keys.Sort(labels);
        var scores = new LabelScore[Math.Min(count, classes)];
        for (var i = 0; i < scores.Length; i++)
            scores[i] = new LabelScore(labels[i].ToString(CultureInfo.InvariantCulture), probabilities[labels[i]]);
        return new Prediction(scores[0].Label, scores);
    }
}
