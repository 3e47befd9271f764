using System.Globalization;

namespace MnistLab.Notebooks;

/// <summary>Represents a measured accuracy with its standard error.</summary>
/// <param name="Value">The accuracy, in [0, 1].</param>
/// <param name="Error">The standard error: about two thirds of repeated measurements lie within it.</param>
public readonly record struct Estimate(double Value, double Error)
{
    /// <summary>
    /// Computes the standard error of an accuracy that was measured on a number of images: √(p (1 − p) / n).
    /// </summary>
    /// <param name="accuracy">The accuracy p, in [0, 1].</param>
    /// <param name="images">The number of images n, at least 1.</param>
    public static Estimate Compute(double accuracy, int images) => Compute([accuracy], images);

    /// <summary>
    /// Computes the mean accuracy of several training runs. The variance of the mean has two parts: one from the seeds
    /// (s² / k for k runs with the standard deviation s), and one from the choice of images (p (1 − p) / n for n
    /// images, which all runs share).
    /// </summary>
    /// <param name="accuracies">The accuracy of each run, in [0, 1]; at least one.</param>
    /// <param name="images">The number of images on which each accuracy was measured, at least 1.</param>
    /// <exception cref="ArgumentException"><paramref name="accuracies"/> is empty.</exception>
    public static Estimate Compute(IEnumerable<double> accuracies, int images)
    {
        ArgumentNullException.ThrowIfNull(accuracies);
        ArgumentOutOfRangeException.ThrowIfLessThan(images, 1);
        var all = accuracies.ToList();
        if (all.Count == 0) throw new ArgumentException("There is no accuracy to average: pass at least one run.", nameof(accuracies));
        var mean = all.Average();
        var variance = all.Count == 1 ? 0 : all.Sum(accuracy => (accuracy - mean) * (accuracy - mean)) / (all.Count - 1);
        return new Estimate(mean, Math.Sqrt((variance / all.Count) + (mean * (1 - mean) / images)));
    }

    /// <summary>
    /// Returns whether this accuracy exceeds another by more than the noise, that is, two standard errors of the
    /// difference.
    /// </summary>
    public bool IsClearlyAbove(Estimate other) => Value - other.Value > 2 * Math.Sqrt((Error * Error) + (other.Error * other.Error));

    /// <summary>
    /// Returns how each accuracy compares with the others: <c>★ best</c> only if it is clearly above every other one,
    /// <c>clearly below</c> if the highest one is clearly above it, and otherwise <c>within the noise</c>. An
    /// unmeasured accuracy (null) and the only measured one are not compared: their text is empty.
    /// </summary>
    internal static IReadOnlyList<string> Compare(IReadOnlyList<Estimate?> estimates)
    {
        var measured = estimates.OfType<Estimate>().OrderByDescending(estimate => estimate.Value).ToList();
        var highest = measured.FirstOrDefault();
        var hasWinner = measured.Skip(1).All(highest.IsClearlyAbove);
        return [.. estimates.Select(estimate => estimate is not { } own || measured.Count == 1 ? ""
            : highest.IsClearlyAbove(own) ? "clearly below"
            : hasWinner ? "★ best" : "within the noise")];
    }

    /// <summary>
    /// Returns the accuracy as a percentage with its error in percentage points, such as <c>91.2% ± 0.4</c>.
    /// </summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Value * 100:F1}% ± {Error * 100:F1}");
}
