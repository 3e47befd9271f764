namespace MnistLab.Training.Results;

/// <summary>Represents a confusion matrix: rows are the true classes, columns the predicted ones.</summary>
public sealed class ConfusionMatrix
{
    private readonly int[,] _counts;

    /// <summary>
    /// Initializes a new instance of the <see cref="ConfusionMatrix"/> class by counting predictions.
    /// </summary>
    /// <param name="labels">The true classes, 0 … classes − 1.</param>
    /// <param name="predictions">The predicted classes, in the same order.</param>
    /// <param name="classes">The number of classes.</param>
    /// <exception cref="ArgumentException">The numbers of predictions and labels differ, or both are zero.</exception>
    public ConfusionMatrix(ReadOnlySpan<byte> labels, ReadOnlySpan<byte> predictions, int classes = 10)
    {
        if (labels.Length != predictions.Length || labels.Length == 0)
            throw new ArgumentException(
                $"There are {labels.Length} labels and {predictions.Length} predictions; their numbers must be equal and at least 1.",
                nameof(predictions));
        _counts = new int[classes, classes];
        for (var i = 0; i < labels.Length; i++) _counts[labels[i], predictions[i]]++;
        Total = labels.Length;
    }

    /// <summary>Gets the number of classes.</summary>
    public int Classes => _counts.GetLength(0);

    /// <summary>Gets the number of predictions.</summary>
    public int Total { get; }

    /// <summary>
    /// Gets the number of samples of class <paramref name="label"/> that were predicted as
    /// <paramref name="prediction"/>.
    /// </summary>
    public int this[int label, int prediction] => _counts[label, prediction];

    /// <summary>Returns a copy of the counts: a row per label, a column per prediction.</summary>
    public int[,] ToArray() => (int[,])_counts.Clone();

    /// <summary>Gets the number of correct predictions.</summary>
    public int Correct => Enumerable.Range(0, Classes).Sum(i => _counts[i, i]);

    /// <summary>Gets the fraction of correct predictions, in [0, 1].</summary>
    public double Accuracy => (double)Correct / Total;

    /// <summary>
    /// Returns the precision of a class: the fraction of the samples predicted as the class that belong to it; 0 if
    /// there are none.
    /// </summary>
    public double Precision(int c) => Share(_counts[c, c], Enumerable.Range(0, Classes).Sum(label => _counts[label, c]));

    /// <summary>
    /// Returns the recall of a class: the fraction of its samples that were predicted correctly; 0 if there are none.
    /// </summary>
    public double Recall(int c) => Share(_counts[c, c], Enumerable.Range(0, Classes).Sum(prediction => _counts[c, prediction]));

    /// <summary>
    /// Returns the F1 score of a class: the harmonic mean of its precision and recall; 0 if both are 0.
    /// </summary>
    public double F1(int c) => Precision(c) + Recall(c) is var sum && sum > 0 ? 2 * Precision(c) * Recall(c) / sum : 0;

    /// <summary>Returns the macro average of a metric: its mean over the classes, each with the same weight.</summary>
    public double Mean(Func<int, double> figure) => Enumerable.Range(0, Classes).Average(figure);

    private static double Share(int part, int whole) => whole == 0 ? 0 : (double)part / whole;
}
