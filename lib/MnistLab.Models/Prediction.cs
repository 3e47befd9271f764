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
    /// Converts logits to probabilities by the <see cref="Softmax"/>, and keeps the largest.
    /// </summary>
    /// <param name="logits">The output of the model: finite numbers, one per label; not empty.</param>
    /// <param name="count">The maximum number of labels to keep, at least 1.</param>
    /// <param name="labels">
    /// The labels, one per logit; if null, the positions of the logits: 0, 1, 2, …
    /// </param>
    /// <exception cref="ArgumentException">
    /// There are no logits, one of them is not finite, or there are not as many labels.
    /// </exception>
    public static Prediction FromLogits(
        IReadOnlyList<float> logits, int count = DefaultCount, IReadOnlyList<string>? labels = null)
    {
        ArgumentNullException.ThrowIfNull(logits);
        NumberRange.RequireAtLeast(count, 1);
        if (logits.Count == 0) throw new ArgumentException("There are no logits.", nameof(logits));
        var (isSmall, classes) = (logits.Count <= MaxOnStack, logits.Count);
        if (labels is not null && labels.Count != classes)
            throw new ArgumentException($"There are {labels.Count} labels for {classes} logits.", nameof(labels));
        Span<int> order = isSmall ? stackalloc int[classes] : new int[classes];
        Span<float> keys = isSmall ? stackalloc float[classes] : new float[classes];
        Span<double> probabilities = isSmall ? stackalloc double[classes] : new double[classes];
        for (var i = 0; i < classes; i++)
        {
            if (!float.IsFinite(logits[i]))
            {
                var numbers = string.Join(", ", logits.Select(logit => logit.ToString(CultureInfo.InvariantCulture)));
                throw new ArgumentException($"Logits must be finite, but are {numbers}.", nameof(logits));
            }

            (order[i], keys[i]) = (i, logits[i]);
        }

        Softmax.Compute(keys, probabilities);
        // Sorted by logit, because the probabilities of different logits can round to the same number.
        foreach (ref var key in keys) key = -key;
        keys.Sort(order);
        var scores = new LabelScore[Math.Min(count, classes)];
        for (var i = 0; i < scores.Length; i++)
        {
            var label = labels?[order[i]] ?? order[i].ToString(CultureInfo.InvariantCulture);
            scores[i] = new LabelScore(label, probabilities[order[i]]);
        }

        return new Prediction(scores[0].Label, scores);
    }
}
