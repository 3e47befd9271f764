using MnistLab.Data.Datasets;
using MnistLab.Data.Images;
using SkiaSharp;

namespace MnistLab.Data.Tests;

public sealed class ImageGridTests
{
    [Fact]
    public void Sheet_OfThreeDigitsInTwoColumns_HasEachInItsPlace()
    {
        var set = new ImageDataset([.. Enumerable.Range(0, 3 * 6).Select(i => (byte)(10 + i))], [0, 1, 2], rows: 2, columns: 3);

        var (png, width, height) = ImageGrid.ToPng(set, [2, 0, 1], columns: 2);

        Assert.Equal((6, 4), (width, height));
        using var picture = SKBitmap.Decode(png);
        var rows = Enumerable
            .Range(0, height)
            .Select(y => string.Join(' ', Enumerable.Range(0, width).Select(x => picture.GetPixel(x, y).Red)));
        Assert.Equal(["22 23 24 10 11 12", "25 26 27 13 14 15", "16 17 18 0 0 0", "19 20 21 0 0 0"], rows);
    }

    [Fact]
    public void Sheet_OfNothing_IsRefused() =>
        Assert.Throws<ArgumentException>(() => ImageGrid.ToPng(new ImageDataset([], [], 28, 28), []));
}
