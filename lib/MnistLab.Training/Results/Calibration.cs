using MnistLab.Hosting;

namespace MnistLab.Training.Results;

/// <summary>
/// Whether probabilities can be believed: of the predictions made with about 80 % confidence, about 80 % should be right
/// (C. Guo, G. Pleiss, Y. Sun, K. Weinberger, "On Calibration of Modern Neural Networks", 2017).
/// </summary>
public sealed class Calibration
{
    private Calibration(IReadOnlyList<Bin> bins, int total)
    {
        Bins = bins;
        ExpectedCalibrationError = bins.Sum(bin => Math.Abs(bin.Accuracy - bin.Confidence) * bin.Count / total);
    }

    /// <summary>The reliability curve: the bins that have predictions, lowest confidence first.</summary>
    public IReadOnlyList<Bin> Bins { get; }

    /// <summary>The mean distance between confidence and accuracy over all predictions, in [0, 1] (ECE); 0 is perfect.</summary>
    public double ExpectedCalibrationError { get; }

    /// <summary>Measures an evaluation.</summary>
    /// <param name="evaluation">The predictions.</param>
    /// <param name="bins">In how many bins of equal width the confidences from 0 to 1 are put, at least 1.</param>
    public static Calibration Of(Evaluation evaluation, int bins = 15)
    {
        ArgumentNullException.ThrowIfNull(evaluation);
        var right = Enumerable.Range(0, evaluation.Set.Count).Select(i => evaluation.Predictions.Span[i] == evaluation.Set.Label(i)).ToArray();
        return Of(evaluation.Confidences.Span, right, bins);
    }

    /// <summary>Measures predictions.</summary>
    /// <param name="confidences">The probability of each prediction, in [0, 1].</param>
    /// <param name="isRight">Whether it is right.</param>
    /// <param name="bins">In how many bins of equal width the confidences from 0 to 1 are put, at least 1.</param>
    /// <exception cref="ArgumentException">There are not as many of both, or none.</exception>
    public static Calibration Of(ReadOnlySpan<float> confidences, ReadOnlySpan<bool> isRight, int bins = 15)
    {
        NumberRange.RequireAtLeast(bins, 1);
        if (confidences.Length != isRight.Length || confidences.Length == 0)
            throw new ArgumentException($"There are {confidences.Length} confidences and {isRight.Length} answers; there have to be as many, and at least one.", nameof(isRight));
        var (counts, rights, sums) = (new int[bins], new int[bins], new double[bins]);
        for (var i = 0; i < confidences.Length; i++)
        {
            // A bin has its upper end, not its lower one, as in the paper.
            var bin = Math.Clamp((int)Math.Ceiling((double)confidences[i] * bins) - 1, 0, bins - 1);
            counts[bin]++;
            sums[bin] += confidences[i];
            if (isRight[i]) rights[bin]++;
        }

        return new Calibration([.. Enumerable.Range(0, bins).Where(bin => counts[bin] > 0).Select(bin => new Bin(counts[bin], sums[bin] / counts[bin], (double)rights[bin] / counts[bin]))], confidences.Length);
    }

    /// <summary>Predictions of about the same confidence.</summary>
    /// <param name="Count">How many, at least 1.</param>
    /// <param name="Confidence">The mean of their confidences.</param>
    /// <param name="Accuracy">The share that is right.</param>
    public sealed record Bin(int Count, double Confidence, double Accuracy);
}
