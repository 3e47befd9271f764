namespace MnistLab.Training.Results;

/// <summary>How often each class was taken for each: rows are the true classes, columns the predicted ones.</summary>
public sealed class ConfusionMatrix
{
    private readonly int[,] _counts;

    /// <summary>Counts predictions.</summary>
    /// <param name="labels">The true classes, 0 … classes − 1.</param>
    /// <param name="predictions">The predicted classes, in the same order and as many.</param>
    /// <param name="classes">The number of classes.</param>
    /// <exception cref="ArgumentException">There are not as many predictions as labels, or none.</exception>
    public ConfusionMatrix(ReadOnlySpan<byte> labels, ReadOnlySpan<byte> predictions, int classes = 10)
    {
        if (labels.Length != predictions.Length || labels.Length == 0)
            throw new ArgumentException($"There are {labels.Length} labels and {predictions.Length} predictions; there have to be as many, and at least one.", nameof(predictions));
        _counts = new int[classes, classes];
        for (var i = 0; i < labels.Length; i++) _counts[labels[i], predictions[i]]++;
        Total = labels.Length;
    }

    /// <summary>Takes counts that were made before.</summary>
    /// <param name="counts">How often each class (row) was taken for each (column): classes × classes numbers, none negative, not all zero.</param>
    /// <exception cref="ArgumentException">They are no such counts.</exception>
    public ConfusionMatrix(int[,] counts)
    {
        ArgumentNullException.ThrowIfNull(counts);
        if (counts.GetLength(0) != counts.GetLength(1) || counts.Cast<int>().Any(count => count < 0) || counts.Cast<int>().All(count => count == 0))
            throw new ArgumentException($"{counts.GetLength(0)} × {counts.GetLength(1)} numbers are no confusion matrix: there have to be as many rows as columns, and counts, not all zero.", nameof(counts));
        _counts = (int[,])counts.Clone();
        Total = counts.Cast<int>().Sum();
    }

    /// <summary>The number of classes.</summary>
    public int Classes => _counts.GetLength(0);

    /// <summary>The number of predictions.</summary>
    public int Total { get; }

    /// <summary>How often <paramref name="label"/> was taken for <paramref name="prediction"/>.</summary>
    public int this[int label, int prediction] => _counts[label, prediction];

    /// <summary>Returns a copy of the counts: a row per label, a column per prediction.</summary>
    public int[,] ToArray() => (int[,])_counts.Clone();

    /// <summary>The number of right predictions.</summary>
    public int Correct => Enumerable.Range(0, Classes).Sum(i => _counts[i, i]);

    /// <summary>The share of right predictions, in [0, 1].</summary>
    public double Accuracy => (double)Correct / Total;

    /// <summary>Of the samples taken for a class, the share that is of it; 0 when none was taken for it.</summary>
    public double Precision(int c) => Share(_counts[c, c], Enumerable.Range(0, Classes).Sum(label => _counts[label, c]));

    /// <summary>Of the samples of a class, the share that was recognised; 0 when there is none.</summary>
    public double Recall(int c) => Share(_counts[c, c], Enumerable.Range(0, Classes).Sum(prediction => _counts[c, prediction]));

    /// <summary>The harmonic mean of a class's precision and recall.</summary>
    public double F1(int c) => Precision(c) + Recall(c) is var sum && sum > 0 ? 2 * Precision(c) * Recall(c) / sum : 0;

    /// <summary>The mean of a figure over the classes, each counting the same ("macro").</summary>
    public double Mean(Func<int, double> figure) => Enumerable.Range(0, Classes).Average(figure);

    private static double Share(int part, int whole) => whole == 0 ? 0 : (double)part / whole;
}
