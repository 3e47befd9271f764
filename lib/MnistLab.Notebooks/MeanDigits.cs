using MnistLab.Data.Datasets;
using MnistLab.Data.Images;
using MnistLab.Hosting;
using MnistLab.Training.Results;

namespace MnistLab.Notebooks;

/// <summary>
/// The mean picture of each digit, and the simplest program that recognises digits: it says the digit whose mean a picture is nearest to.
/// What a trained model has to beat.
/// </summary>
public sealed class MeanDigits
{
    private readonly double[][] _means;

    private MeanDigits(double[][] means) => _means = means;

    /// <summary>The ten mean pictures, 0 to 9.</summary>
    public IReadOnlyList<DigitImage> Images => [.. _means.Select(mean => DigitImage.FromPixels(Array.ConvertAll(mean, value => (byte)Math.Round(value))))];

    /// <summary>The pixels of the ten mean images, 0 to 255, not rounded, row after row.</summary>
    public IReadOnlyList<IReadOnlyList<double>> Pixels => _means;

    /// <summary>Computes the means of a set's pictures, digit by digit. The mean of a digit that does not occur is black.</summary>
    /// <param name="set">Pictures of 28 × 28 pixels.</param>
    public static MeanDigits Of(DigitSet set)
    {
        ArgumentNullException.ThrowIfNull(set);
        var means = new double[DigitSet.ClassCount][];
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

    /// <summary>The digit whose mean is nearest.</summary>
    /// <param name="image">Grey values, 0 to 255, row after row.</param>
    public int Nearest(ReadOnlySpan<byte> image)
    {
        var (nearest, distance) = (0, double.PositiveInfinity);
        for (var digit = 0; digit < _means.Length; digit++)
        {
            if (Distance(digit, image) is var other && other < distance) (nearest, distance) = (digit, other);
        }

        return nearest;
    }

    /// <summary>How far a picture is from a digit's mean: the square root of the sum of the squared differences of their pixels.</summary>
    /// <param name="digit">The digit, 0 to 9.</param>
    /// <param name="image">Grey values, 0 to 255, row after row.</param>
    public double Distance(int digit, ReadOnlySpan<byte> image)
    {
        var mean = _means[digit];
        if (image.Length != mean.Length) throw new ArgumentException($"The means have {mean.Length} pixels, the picture {image.Length}.", nameof(image));
        var sum = 0.0;
        for (var pixel = 0; pixel < image.Length; pixel++)
        {
            var difference = image[pixel] - mean[pixel];
            sum += difference * difference;
        }

        return Math.Sqrt(sum);
    }

    /// <summary>How often each digit is taken for each, when the nearest mean decides.</summary>
    public ConfusionMatrix Evaluate(DigitSet set)
    {
        ArgumentNullException.ThrowIfNull(set);
        var predictions = new byte[set.Count];
        Parallel.For(0, set.Count, i => predictions[i] = (byte)Nearest(set.Image(i)));
        return new ConfusionMatrix(set.Labels.Span, predictions);
    }

    /// <summary>The pictures that are least like the others of their digit, the strangest first.</summary>
    /// <param name="set">The set to search.</param>
    /// <param name="count">How many, at most.</param>
    public IReadOnlyList<int> Strangest(DigitSet set, int count)
    {
        ArgumentNullException.ThrowIfNull(set);
        NumberRange.RequireAtLeast(count, 0);
        return [.. Enumerable.Range(0, set.Count).OrderByDescending(i => Distance(set.Label(i), set.Image(i))).Take(count)];
    }
}
