using MnistLab.Data.Datasets;
using MnistLab.Data.Images;
using MnistLab.Hosting;
using MnistLab.Training.Results;

namespace MnistLab.Notebooks;

/// <summary>
/// Represents the mean image of each digit, and the simplest classifier: it predicts the digit whose mean is nearest to
/// the image. It is the baseline that a trained model has to beat.
/// </summary>
public sealed class MeanDigits
{
    private readonly double[][] _means;

    private MeanDigits(double[][] means) => _means = means;

    /// <summary>Gets the ten mean images, 0 to 9.</summary>
    public IReadOnlyList<DigitImage> Images =>
        [.. _means.Select(mean => DigitImage.FromPixels(Array.ConvertAll(mean, value => (byte)Math.Round(value))))];

    /// <summary>Gets the pixels of the ten mean images, row after row, 0 to 255, not rounded.</summary>
    public IReadOnlyList<IReadOnlyList<double>> Pixels => _means;

    /// <summary>
    /// Computes the mean image of each digit of a set. The mean of a digit that does not occur is black.
    /// </summary>
    /// <param name="set">A set of images of 28 × 28 pixels.</param>
    public static MeanDigits Compute(ImageDataset set)
    {
        ArgumentNullException.ThrowIfNull(set);
        var means = new double[set.Kind.Classes][];
        for (var digit = 0; digit < means.Length; digit++) means[digit] = new double[set.Rows * set.Columns];
        for (var i = 0; i < set.Count; i++)
        {
            var mean = means[set.Label(i)];
            var image = set.Image(i);
            for (var pixel = 0; pixel < image.Length; pixel++) mean[pixel] += image[pixel];
        }

        for (var digit = 0; digit < means.Length; digit++)
        {
            var count = Math.Max(1, set.ClassCounts[digit]);
            for (var pixel = 0; pixel < means[digit].Length; pixel++) means[digit][pixel] /= count;
        }

        return new MeanDigits(means);
    }

    /// <summary>Returns the digit whose mean is nearest to an image.</summary>
    /// <param name="image">Gray values, 0 to 255, row after row.</param>
    public int Nearest(ReadOnlySpan<byte> image)
    {
        var (nearest, distance) = (0, double.PositiveInfinity);
        for (var digit = 0; digit < _means.Length; digit++)
        {
            if (Distance(digit, image) is var other && other < distance) (nearest, distance) = (digit, other);
        }

        return nearest;
    }

    /// <summary>
    /// Returns the Euclidean distance of an image from the mean of a digit: the square root of the sum of the squared
    /// differences of their pixels.
    /// </summary>
    /// <param name="digit">The digit, 0 to 9.</param>
    /// <param name="image">Gray values, 0 to 255, row after row.</param>
    public double Distance(int digit, ReadOnlySpan<byte> image)
    {
        var mean = _means[digit];
        if (image.Length != mean.Length)
            throw new ArgumentException($"The means have {mean.Length} pixels, but the image has {image.Length}.", nameof(image));
        var sum = 0.0;
        for (var pixel = 0; pixel < image.Length; pixel++)
        {
            var difference = image[pixel] - mean[pixel];
            sum += difference * difference;
        }

        return Math.Sqrt(sum);
    }

    /// <summary>Evaluates the nearest-mean classifier on a set, as a confusion matrix.</summary>
    public ConfusionMatrix Evaluate(ImageDataset set)
    {
        ArgumentNullException.ThrowIfNull(set);
        var predictions = new byte[set.Count];
        Parallel.For(0, set.Count, i => predictions[i] = (byte)Nearest(set.Image(i)));
        return new ConfusionMatrix(set.Labels.Span, predictions, set.Kind.Classes);
    }

    /// <summary>
    /// Returns the indices of the images with the largest distance from the mean of their digit, in descending order.
    /// </summary>
    /// <param name="set">The set to search.</param>
    /// <param name="count">The maximum number of images.</param>
    public IReadOnlyList<int> Strangest(ImageDataset set, int count)
    {
        ArgumentNullException.ThrowIfNull(set);
        NumberRange.RequireAtLeast(count, 0);
        return [.. Enumerable.Range(0, set.Count).OrderByDescending(i => Distance(set.Label(i), set.Image(i))).Take(count)];
    }
}
