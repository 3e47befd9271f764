using System.Numerics;
using System.Runtime.InteropServices;
using MnistLab.Data.Datasets;
using MnistLab.Data.Images;
using MnistLab.Data.Workspaces;

namespace MnistLab.Data.Tests;

/// <summary>
/// Tests the claims of <c>data-scripts/sample/PROVENANCE.md</c> about the origin of the sample's digits.
/// </summary>
public sealed class SampleProvenanceTests
{
    private const int Side = DigitImage.Side;
    private const int Tile = 20;

    // Every tenth digit of each class, because comparing all of them takes a minute.
    private const int Step = 10;

    [Fact]
    public void Sample_EveryDigit_IsOneOfMnistsTrainingSet()
    {
        var folder = Environment.GetEnvironmentVariable("MNIST_DIR");
        Assert.SkipWhen(string.IsNullOrEmpty(folder), "MNIST_DIR is not set.");
        var mnist = MnistDataset.Load(folder);
        Assert.SkipUnless(mnist.Train.Count == 60_000, $"{folder} does not hold MNIST.");
        var sample = MnistDataset.Load(Workspace.Find().SampleFolder);

        var matches = Enumerable.Range(0, ImageKind.Digits.Classes).AsParallel().SelectMany(label =>
        {
            var (train, test) = (Normalized(mnist.Train, label, 1, Scaled), Normalized(mnist.Test, label, 1, Scaled));
            return new[] { sample.Train, sample.Test }
                .SelectMany(set => Normalized(set, label, Step, image => image))
                .Select(digit => (Label: label, Train: Best(digit, train), Test: Best(digit, test)));
        }).ToList();

        Assert.Equal(500, matches.Count);
        // A digit and its scaled copy correlate by more than 0.98, and no image of the test set correlates more
        // strongly.
        Assert.All(matches, match => Assert.InRange(match.Train.Correlation, 0.98f, 1.0001f));
        Assert.All(matches, match => Assert.True(match.Train.Correlation > match.Test.Correlation, $"{match}"));
        // Different digits of the sample are different digits of MNIST.
        Assert.Equal(matches.Count, matches.Select(match => (match.Label, match.Train.Index)).Distinct().Count());
    }

    /// <summary>Returns the image of a set that has the highest correlation with a digit.</summary>
    private static (int Index, float Correlation) Best(float[] digit, List<float[]> set)
    {
        var best = (Index: -1, Correlation: -1f);
        var vectors = MemoryMarshal.Cast<float, Vector<float>>(digit);
        for (var index = 0; index < set.Count; index++)
        {
            var others = MemoryMarshal.Cast<float, Vector<float>>(set[index]);
            var sum = Vector<float>.Zero;
            for (var i = 0; i < vectors.Length; i++) sum += vectors[i] * others[i];
            if (Vector.Sum(sum) is var correlation && correlation > best.Correlation) best = (index, correlation);
        }

        return best;
    }

    /// <summary>
    /// The images of a digit, without their mean and normalized to length 1, so that the dot product of two is their
    /// correlation.
    /// </summary>
    private static List<float[]> Normalized(ImageDataset set, int label, int step, Func<float[], float[]> change)
    {
        var images = new List<float[]>();
        for (var (index, count) = (0, 0); index < set.Count; index++)
        {
            if (set.Label(index) != label || count++ % step != 0) continue;
            var image = new float[Side * Side];
            for (var i = 0; i < image.Length; i++) image[i] = set.Image(index)[i];
            image = change(image);
            var mean = image.Average();
            var length = MathF.Sqrt(image.Sum(value => (value - mean) * (value - mean)));
            images.Add(Array.ConvertAll(image, value => (value - mean) / length));
        }

        return images;
    }

    // The same scaling as in OpenCV and make-sample.cs: bilinear to 20 × 20, and back.
    private static float[] Scaled(float[] image)
    {
        var small = new float[Tile * Tile];
        for (var i = 0; i < small.Length; i++)
        {
            var (x, y) = (Place(i % Tile), Place(i / Tile));
            var (left, top) = ((int)x, (int)y);
            var (right, bottom) = (x - left, y - top);
            small[i] = ((1 - bottom) * Row(top)) + (bottom * Row(top + 1));

            float Row(int row) => ((1 - right) * image[(row * Side) + left]) + (right * image[(row * Side) + left + 1]);
        }

        return BicubicScaling.Scale(small, Tile, Tile, Side, Side);
    }

    private static float Place(int index) => Math.Clamp(((index + 0.5f) * Side / Tile) - 0.5f, 0, Side - 1.001f);
}
