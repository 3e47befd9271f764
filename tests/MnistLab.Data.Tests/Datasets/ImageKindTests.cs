using MnistLab.Data.Datasets;
using MnistLab.Data.Idx;
using MnistLab.Data.Images;
using MnistLab.Testing;
using SkiaSharp;

namespace MnistLab.Data.Tests;

public sealed class ImageKindTests
{
    private static readonly ImageKind Letters = new(
        [.. Enumerable.Range('A', 26).Select(letter => $"{(char)letter}")], 0.1722, 0.3309);

    [Fact]
    public void Load_WithTheDescriptionOf26Classes_KeepsTheirNamesThroughSplitAndSubset()
    {
        using var folder = new TemporaryFolder();
        WriteSet(folder);

        var dataset = MnistDataset.Load(folder.Path, Describe(Letters));

        Assert.Equal("Z", dataset.ClassNames[25]);
        Assert.Equal(26, dataset.Train.ClassCounts.Count);
        var (train, validation) = TrainValidationSplit.Split(dataset.Train);
        Assert.Equal((234, 26), (train.Count, validation.Count));
        Assert.Equal("Z", validation.Subset([25]).LabelName(0));
    }

    [Fact]
    public void Load_WithLabelsThatHaveNoNames_SaysWhatToDo()
    {
        using var folder = new TemporaryFolder();
        WriteSet(folder);

        var undescribed = Assert.Throws<DatasetException>(() => MnistDataset.Load(folder.Path));
        var fewNames = Describe(new ImageKind(["A", "B"], 0.5, 0.5));
        var described = Assert.Throws<DatasetException>(() => MnistDataset.Load(folder.Path, fewNames));

        Assert.EndsWith(
            "The label of image 10 must be 0 to 9, but was 10. (Parameter 'labels') "
            + "For another dataset, pass its description.",
            undescribed.Message,
            StringComparison.Ordinal);
        Assert.EndsWith(
            "holds the label 25, but Letters has names for 0 to 1 only. Describe all its classes.",
            described.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Create_WithInvalidValues_IsRefused()
    {
        var empty = Assert.Throws<ArgumentException>(() => new ImageKind([], 0.5, 0.5));
        Assert.Contains("but has 0", empty.Message, StringComparison.Ordinal);
        var repeated = Assert.Throws<ArgumentException>(() => new ImageKind(["A", "A"], 0.5, 0.5));
        Assert.Contains("must differ", repeated.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new ImageKind(["A"], 33, 0.5));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ImageKind(["A"], 0.5, 0));
    }

    [Fact]
    public void Decode_WithPlainPreprocessing_KeepsItsOwnFormAndScalesOthers()
    {
        // A square in the corner, in which the preprocessing of digits finds none.
        var square = new byte[784];
        for (var row = 0; row < 14; row++) square.AsSpan(row * 28, 14).Fill(200);
        var png = Png(28, 28, SKColors.Black, new SKColor(200, 200, 200), gray: true);
        Assert.Equal(square, DigitImage.Decode(png, ImagePreprocessing.Plain).Pixels);
        Assert.Throws<DigitImageException>(() => DigitImage.Decode(png));

        // A photo on white paper, twice as wide as high: inverted, scaled to 28 × 14, and centered.
        var wide = Png(112, 56, SKColors.White, SKColors.Black);
        var photo = DigitImage.Decode(wide, ImagePreprocessing.Plain).Pixels.Span;
        Assert.Equal(0, photo[(3 * 28) + 5]);
        Assert.Equal(255, photo[(9 * 28) + 5]);
        Assert.Equal(0, photo[(17 * 28) + 5]);
        Assert.Equal(0, photo[(9 * 28) + 20]);
    }

    // Ink in the upper left quarter.
    private static byte[] Png(int width, int height, SKColor paper, SKColor ink, bool gray = false)
    {
        var colors = gray ? SKColorType.Gray8 : SKColorType.Rgba8888;
        using var bitmap = new SKBitmap(new SKImageInfo(width, height, colors, SKAlphaType.Opaque));
        using var canvas = new SKCanvas(bitmap);
        using var paint = new SKPaint { Color = ink };
        canvas.Clear(paper);
        canvas.DrawRect(0, 0, width / 2, height / 2, paint);
        canvas.Flush();
        using var png = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        return png.ToArray();
    }

    private static DatasetDescription Describe(ImageKind kind) => new(
        "letters", "Letters", DatasetDescription.Mnist.Files, kind, []);

    // In EMNIST's form: ten images of each of 26 letters.
    private static void WriteSet(TemporaryFolder folder)
    {
        byte[] labels = [.. Enumerable.Range(0, 260).Select(i => (byte)(i % 26))];
        foreach (var file in new[] { MnistFiles.TrainImages, MnistFiles.TestImages })
            IdxFile.Write(folder[file], new IdxArray(IdxElementType.UInt8, [260, 28, 28], new byte[260 * 784]));
        foreach (var file in new[] { MnistFiles.TrainLabels, MnistFiles.TestLabels })
            IdxFile.Write(folder[file], new IdxArray(IdxElementType.UInt8, [260], labels));
    }
}
