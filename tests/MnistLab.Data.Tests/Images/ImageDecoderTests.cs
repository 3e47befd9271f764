using MnistLab.Data.Images;
using SkiaSharp;

namespace MnistLab.Data.Tests;

public sealed class ImageDecoderTests
{
    /// <summary>
    /// The positions of the upper left and upper right corners of the upright image in the file, by orientation.
    /// </summary>
    private static readonly (int X, int Y)[][] Corners =
    [
        [(0, 0), (1, 0)], [(1, 0), (0, 0)], [(1, 1), (0, 1)], [(0, 1), (1, 1)],
        [(0, 0), (0, 1)], [(0, 1), (0, 0)], [(1, 1), (1, 0)], [(1, 0), (1, 1)],
    ];

    /// <summary>All orientations, in both formats and byte orders.</summary>
    public static TheoryData<int, bool, bool> AllOrientations =>
        [.. Enumerable.Range(0, 32).Select(i => (1 + (i / 4), i % 4 < 2, i % 2 == 0))];

    [Theory]
    [MemberData(nameof(AllOrientations))]
    public void Decode_OrientationInExifData_TurnsTheImageUpright(int orientation, bool isPng, bool isLittleEndian)
    {
        const int Width = 96;
        const int Height = 64;
        var (first, second) = (Corners[orientation - 1][0], Corners[orientation - 1][1]);
        using var bitmap = new SKBitmap(Width, Height);
        bitmap.Erase(SKColors.White);
        using (var canvas = new SKCanvas(bitmap))
        {
            Fill(first, SKColors.Red);
            Fill(second, SKColors.Blue);

            void Fill((int X, int Y) corner, SKColor color)
            {
                using var paint = new SKPaint { Color = color };
                canvas.DrawRect(corner.X * Width / 2, corner.Y * Height / 2, Width / 2, Height / 2, paint);
            }
        }

        using var data = bitmap.Encode(isPng ? SKEncodedImageFormat.Png : SKEncodedImageFormat.Jpeg, 95);
        var file = isPng
            ? Orientations.InPng(data.ToArray(), orientation, isLittleEndian)
            : Orientations.InJpeg(data.ToArray(), orientation, isLittleEndian);

        var image = ImageDecoder.Decode(file);

        Assert.Equal(orientation <= 4 ? (Width, Height) : (Height, Width), (image.Width, image.Height));
        Assert.Equal("red", ColorAt(image, 0.25, 0.25));
        Assert.Equal("blue", ColorAt(image, 0.75, 0.25));
        Assert.Equal("white", ColorAt(image, 0.25, 0.75));
        Assert.Equal("white", ColorAt(image, 0.75, 0.75));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(9)]
    public void Decode_InvalidOrientation_LeavesTheImageAsItIs(int orientation)
    {
        var png = Orientations.InPng(Plain(30, 20), orientation, isLittleEndian: false);

        Assert.Equal((30, 20), (ImageDecoder.Decode(png).Width, ImageDecoder.Decode(png).Height));
    }

    [Fact]
    public void Decode_DamagedExifData_LeavesTheImageAsItIs()
    {
        var png = Orientations.InPng(Plain(30, 20), 6, isLittleEndian: true);
        var random = new Random(1);
        for (var i = 0; i < 2000; i++)
        {
            var damaged = (byte[])png.Clone();
            for (var damages = 0; damages < 3; damages++) damaged[33 + 8 + random.Next(38)] = (byte)random.Next(256);
            Assert.InRange((int)PngExif.Origin(damaged), 1, 8);
            Assert.InRange((int)PngExif.Origin(damaged.AsSpan(0, random.Next(damaged.Length))), 1, 8);
        }
    }

    [Theory]
    [InlineData(12_000, 1_000)]
    [InlineData(1_000, 12_000)]
    [InlineData(4_000, 3_000)]
    public void Decode_TwelveMillionPixels_AreRead(int width, int height)
    {
        var image = ImageDecoder.Decode(Plain(width, height));

        Assert.InRange(Math.Max(image.Width, image.Height), 1_000, 2_000);
        Assert.Equal((double)width / height, (double)image.Width / image.Height, 0.3);
    }

    [Fact]
    public void Decode_MorePixelsThanTheLimit_NamesBoth()
    {
        var error = Assert.Throws<DigitImageException>(() => ImageDecoder.Decode(Plain(4_001, 4_000)));

        Assert.Contains("4001 × 4000", error.Message, StringComparison.Ordinal);
        Assert.Contains("16 million", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Decode_LargeJpeg_IsReadAtAFractionOfItsSize()
    {
        using var bitmap = new SKBitmap(12_000, 2_000, SKColorType.Gray8, SKAlphaType.Opaque);
        using var data = bitmap.Encode(SKEncodedImageFormat.Jpeg, 50);

        var image = ImageDecoder.Decode(data.ToArray());

        Assert.InRange(image.Width, 1_000, 2_000);
    }

    private static byte[] Plain(int width, int height)
    {
        using var bitmap = new SKBitmap(width, height, SKColorType.Gray8, SKAlphaType.Opaque);
        using var data = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        return data.ToArray();
    }

    private static string ColorAt(ColorImage image, double x, double y)
    {
        var pixel = image.Rgb.AsSpan(3 * (((int)(y * image.Height) * image.Width) + (int)(x * image.Width)), 3);
        return (pixel[0] > 128, pixel[1] > 128, pixel[2] > 128) switch
        {
            (true, true, true) => "white",
            (true, false, false) => "red",
            (false, false, true) => "blue",
            _ => "another color",
        };
    }
}
