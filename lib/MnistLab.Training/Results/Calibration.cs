using MnistLab.Hosting;

namespace MnistLab.Training.Results;

/// <summary>
/// Represents the calibration of a classifier: of the predictions made with about 80% confidence, about 80% should be
/// correct (C. Guo, G. Pleiss, Y. Sun, K. Weinberger, "On Calibration of Modern Neural Networks", 2017).
/// </summary>
public sealed class Calibration
{
    private Calibration(IReadOnlyList<Bin> bins, int total)
    {
        Bins = bins;
        ExpectedCalibrationError = bins.Sum(bin => Math.Abs(bin.Accuracy - bin.Confidence) * bin.Count / total);
    }

    /// <summary>
    /// Gets the reliability curve: the bins that contain predictions, in order of increasing confidence.
    /// </summary>
    public IReadOnlyList<Bin> Bins { get; }

    /// <summary>
    /// Gets the expected calibration error (ECE), in [0, 1]: the mean difference between confidence and accuracy over
    /// all predictions; 0 is perfect.
    /// </summary>
    public double ExpectedCalibrationError { get; }

    /// <summary>Computes the calibration of an evaluation.</summary>
    /// <param name="evaluation">The predictions.</param>
    /// <param name="bins">
    /// The number of bins of equal width that divide the confidences from 0 to 1, at least 1.
    /// </param>
    public static Calibration Compute(Evaluation evaluation, int bins = 15)
    {
        ArgumentNullException.ThrowIfNull(evaluation);
        var right = Enumerable
            .Range(0, evaluation.Set.Count)
            .Select(i => evaluation.Predictions.Span[i] == evaluation.Set.Label(i))
            .ToArray();
        return Compute(evaluation.Confidences.Span, right, bins);
    }

    /// <summary>Computes the calibration of predictions.</summary>
    /// <param name="confidences">The probability of each prediction, in [0, 1].</param>
    /// <param name="isRight">Whether each prediction is correct.</param>
    /// <param name="bins">
    /// The number of bins of equal width that divide the confidences from 0 to 1, at least 1.
    /// </param>
    /// <exception cref="ArgumentException">
    /// The numbers of confidences and of results differ, or both are zero.
    /// </exception>
    public static Calibration Compute(ReadOnlySpan<float> confidences, ReadOnlySpan<bool> isRight, int bins = 15)
    {
        NumberRange.RequireAtLeast(bins, 1);
        if (confidences.Length != isRight.Length || confidences.Length == 0)
            throw new ArgumentException(
                $"There are {confidences.Length} confidences and {isRight.Length} results; their numbers must be equal and at least 1.",
                nameof(isRight));
        var (counts, rights, sums) = (new int[bins], new int[bins], new double[bins]);
        for (var i = 0; i < confidences.Length; i++)
        {
            // A bin includes its upper bound, not its lower one, as in the paper.
            var bin = Math.Clamp((int)Math.Ceiling((double)confidences[i] * bins) - 1, 0, bins - 1);
            counts[bin]++;
            sums[bin] += confidences[i];
            if (isRight[i]) rights[bin]++;
        }

        return new Calibration([.. Enumerable.Range(0, bins).Where(bin => counts[bin] > 0).Select(bin =>
            new Bin(counts[bin], sums[bin] / counts[bin], (double)rights[bin] / counts[bin]))], confidences.Length);
    }

    /// <summary>Represents a bin of predictions with about the same confidence.</summary>
    /// <param name="Count">The number of predictions, at least 1.</param>
    /// <param name="Confidence">The mean confidence.</param>
    /// <param name="Accuracy">The fraction of correct predictions.</param>
    public sealed record Bin(int Count, double Confidence, double Accuracy);
}
