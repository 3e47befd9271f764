using CsCheck;
using MnistLab.Data.Datasets;
using MnistLab.Data.Workspaces;

namespace MnistLab.Notebooks.Tests;

public sealed class LookingTests
{
    private static readonly MnistDataset Digits = MnistDataset.Load(Workspace.Find().SampleFolder);

    private static readonly Gen<ImageDataset> Sets = Gen.Int[1, 20].SelectMany(count => Gen
        .Select(Gen.Byte.Array[count * 784], Gen.Byte[0, 9].Array[count])
        .Select((pixels, labels) => new ImageDataset(pixels, labels, 28, 28)));

    [Fact]
    public void MeanDigits_OfOnePictureEach_AreThePictures() => Sets.Sample(set =>
    {
        var first = set.Subset([.. Enumerable.Range(0, set.Count).DistinctBy(set.Label)]);
        var means = MeanDigits.Compute(first);
        for (var i = 0; i < first.Count; i++)
        {
            Assert.Equal(first.Image(i), means.Images[first.Label(i)].Pixels.Span);
            Assert.Equal(0, means.Distance(first.Label(i), first.Image(i)));
        }
    }, iter: 20);

    [Fact]
    public void MeanDigits_AsAClassifier_AreFarBetterThanGuessing()
    {
        var means = MeanDigits.Compute(Digits.Train);

        var result = means.Evaluate(Digits.Test);

        Assert.InRange(result.Accuracy, 0.75, 0.9);
        Assert.Equal(Digits.Test.Count, result.Total);
        Assert.Equal(Enumerable
            .Range(0, Digits.Test.Count)
            .Count(i => means.Nearest(Digits.Test.Image(i)) == Digits.Test.Label(i)), result.Correct);
    }

    [Fact]
    public void Strangest_OfASet_AreInOrderOfTheirDistance()
    {
        var means = MeanDigits.Compute(Digits.Train);

        var distances = means
            .Strangest(Digits.Train, 10)
            .Select(i => means.Distance(Digits.Train.Label(i), Digits.Train.Image(i)))
            .ToList();

        Assert.Equal(distances.OrderDescending(), distances);
        Assert.Equal(Enumerable
            .Range(0, Digits.Train.Count)
            .Max(i => means.Distance(Digits.Train.Label(i), Digits.Train.Image(i))), distances[0]);
    }

    [Fact]
    public void Duplicates_OfRepeatedPictures_AreFoundWithinAndBetween() => Sets.Sample(set =>
    {
        var twice = set.Subset([.. Enumerable.Range(0, set.Count), 0]);

        Assert.Contains(Duplicates.Within(twice), group => group.Contains(0) && group.Contains(set.Count));
        Assert.Equal(Enumerable.Range(0, set.Count), Duplicates.Between(set, twice));
    }, iter: 20);

    [Fact]
    public void DigitTable_OfADigit_MeasuresInkWidthAndHeight()
    {
        var pixels = new byte[784];
        // A bar of 3 × 10 pixels, and a pale one, which does not count toward its size.
        for (var row = 5; row < 15; row++) pixels.AsSpan((row * 28) + 8, 3).Fill(255);
        pixels[0] = 100;
        var table = DigitTable.From(new ImageDataset([.. pixels, .. new byte[784]], [1, 2], 28, 28));

        Assert.Equal([1, 3.0, 10.0], [table["digit"][0], table["width"][0], table["height"][0]]);
        Assert.Equal(100.0 * ((30 * 255) + 100) / (255 * 784), (double)table["ink"][0], 1e-9);
        Assert.Equal([2, 0.0, 0.0], [table["digit"][1], table["width"][1], table["height"][1]]);
        Assert.Equal([1, 2], DigitTable.MeansByDigit(table)["digit"].Cast<int>());
    }
}
