using MnistLab.Data.Datasets;
using MnistLab.Data.Images;
using MnistLab.Data.Workspaces;
using SkiaSharp;

namespace MnistLab.Data.Tests;

public sealed class DigitImageTests
{
    private static readonly ImageDataset Digits = MnistDataset.Load(Workspace.Find().SampleFolder).Test;

    [Fact]
    public void Decode_AnMnistPictureAsPng_IsUnchanged()
    {
        for (var i = 0; i < 50; i++)
        {
            var png = DigitImage.FromPixels(Digits.Image(i)).ToPng();
            Assert.Equal(Digits.Image(i).ToArray(), DigitImage.Decode(png).Pixels.ToArray());
        }
    }

    [Theory]
    [InlineData(SKEncodedImageFormat.Png)]
    [InlineData(SKEncodedImageFormat.Jpeg)]
    [InlineData(SKEncodedImageFormat.Webp)]
    public void Decode_ALargeDrawingInEitherPolarity_FillsTheBoxAndIsCentred(SKEncodedImageFormat format)
    {
        foreach (var (paper, ink) in new[]
        {
            (SKColors.White, SKColors.Black),
            (SKColors.Black, SKColors.White),
            (SKColors.Beige, SKColors.DarkBlue),
            (SKColors.DimGray, SKColors.White),
        })
        {
            var picture = DigitImage.Decode(Draw(300, 400, paper, ink, format, canvas =>
                canvas.DrawRect(40, 60, 30, 200, new SKPaint { Color = ink })));

            var pixels = picture.Pixels.ToArray();
            Assert.Equal(0, pixels[0]);
            Assert.InRange(pixels[(14 * 28) + 14], 200, 255);
            var rows = Enumerable.Range(0, 28)
                .Where(row => pixels.AsSpan(row * 28, 28).ContainsAnyInRange((byte)129, (byte)255))
                .ToList();
            Assert.Equal((4, 23), (rows[0], rows[^1]));
            var columns = Enumerable.Range(0, 28).Where(column => pixels[(14 * 28) + column] > 128).ToList();
            Assert.Equal(3, columns.Count);
            Assert.InRange(columns.Average(), 12.5, 14.5);
        }
    }

    [Fact]
    public void Decode_TheSameDrawingElsewhereOnTheSheetAndLarger_GivesNearlyTheSame()
    {
        byte[] Sheet(int size, float x, float y, float scale) => OnPaper(size, canvas =>
        {
            canvas.Translate(x, y);
            canvas.Scale(scale);
            canvas.DrawCircle(50, 50, 40, Pen(16));
        });

        var one = DigitImage.Decode(Sheet(150, 5, 30, 1)).ToUnitInterval();
        var other = DigitImage.Decode(Sheet(700, 300, 100, 3)).ToUnitInterval();

        Assert.InRange(one.Zip(other, (a, b) => Math.Abs(a - b)).Max(), 0, 0.15);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Decode_BmpAndGif_AreReadInEitherPolarity(bool isBmp)
    {
        foreach (var isDarkOnLight in new[] { true, false })
        {
            var file = isBmp ? PlainPictures.Bmp(40, isDarkOnLight) : PlainPictures.Gif(40, isDarkOnLight);
            var pixels = DigitImage.Decode(file).Pixels.ToArray();

            Assert.Equal(0, pixels[0]);
            Assert.InRange(pixels[(14 * 28) + 14], 200, 255);
            Assert.Equal(20, Enumerable.Range(0, 28).Count(row => pixels[(row * 28) + 14] > 128));
        }
    }

    [Theory]
    [InlineData("#3C6E46", "#A03048")]
    [InlineData("#646464", "#1E1E1E")]
    [InlineData("#1E1E1E", "#646464")]
    [InlineData("#C82828", "#2E8B2E")]
    public void Decode_InkOfAnyColourOnPaperOfAnyColour_IsFound(string paper, string ink)
    {
        var color = SKColor.Parse(ink);
        var file = Draw(200, 200, SKColor.Parse(paper), color, SKEncodedImageFormat.Jpeg, canvas =>
            canvas.DrawRect(90, 40, 20, 120, new SKPaint { Color = color }));

        var pixels = DigitImage.Decode(file).Pixels.ToArray();

        Assert.InRange(pixels[(14 * 28) + 14], 200, 255);
        Assert.InRange(pixels.Count(pixel => pixel > 40), 40, 120);
    }

    [Fact]
    public void Decode_SpecksOfDustAndUnevenLight_AreNoPartOfTheDigit()
    {
        var clean = DigitImage.Decode(Sheet(false));
        var dusty = DigitImage.Decode(Sheet(true));

        Assert.InRange(LeastDifference(clean.ToUnitInterval(), dusty.ToUnitInterval()), 0, 0.3);

        byte[] Sheet(bool isDusty) => OnPaper(400, canvas =>
        {
            canvas.DrawCircle(200, 200, 60, Pen(20));
            if (!isDusty) return;
            foreach (var (x, y) in new[] { (20, 30), (370, 60), (50, 350), (380, 390) })
                canvas.DrawCircle(x, y, 3, new SKPaint { Color = SKColors.Black });
            SKColor[] shades = [SKColors.Transparent, new SKColor(0, 0, 0, 80)];
            var shader = SKShader.CreateLinearGradient(
                new SKPoint(0, 0), new SKPoint(400, 0), shades, SKShaderTileMode.Clamp);
            canvas.DrawRect(0, 0, 400, 400, new SKPaint { Shader = shader });
        });
    }

    /// <summary>
    /// Returns the largest difference of a pixel at the best offset of at most one pixel, because a center of mass
    /// between two pixels is rounded to either of them.
    /// </summary>
    private static float LeastDifference(float[] one, float[] other)
    {
        return Enumerable.Range(0, 9).Min(shift => Inner().Max(row => Inner().Max(column =>
        {
            var shifted = ((row + (shift / 3) - 1) * 28) + column + (shift % 3) - 1;
            return Math.Abs(one[(row * 28) + column] - other[shifted]);
        })));

        static IEnumerable<int> Inner() => Enumerable.Range(2, 24);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(12)]
    [InlineData(40)]
    [InlineData(110)]
    public void Decode_ALineOfAnyWidth_BecomesAStrokeAsWideAsTheDatasets(int width)
    {
        var file = OnPaper(500, canvas =>
            canvas.DrawRect(250 - (width / 2), 50, width, 400, new SKPaint { Color = SKColors.Black }));

        var pixels = DigitImage.Decode(file).ToUnitInterval();

        var across = Enumerable.Range(0, 28).Sum(column => pixels[(14 * 28) + column]);
        Assert.InRange(across, 0.5, 6);
        Assert.InRange(Enumerable.Range(0, 28).Max(column => pixels[(14 * 28) + column]), 0.5, 1);
    }

    [Fact]
    public void Decode_TransparentPng_CountsTheColourOfTheInkOnly()
    {
        foreach (var ink in new[] { SKColors.Black, SKColors.White })
        {
            var file = Draw(100, 100, SKColors.Transparent, ink, SKEncodedImageFormat.Png, canvas =>
                canvas.DrawRect(40, 20, 20, 60, new SKPaint { Color = ink }));
            var pixels = DigitImage.Decode(file).Pixels.ToArray();

            Assert.Equal(0, pixels[0]);
            Assert.InRange(pixels[(14 * 28) + 14], 250, 255);
        }
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(28, 28)]
    [InlineData(200, 100)]
    public void Decode_BlankPicture_SaysSo(int width, int height)
    {
        foreach (var color in new[] { SKColors.White, SKColors.Black, SKColors.Gray })
        {
            var file = Draw(width, height, color, color, SKEncodedImageFormat.Png, _ => { });
            AssertRefused("blank", file);
        }
    }

    [Fact]
    public void Decode_AnEmptySheetOnADesk_IsBlank()
    {
        var sheet = Draw(300, 300, SKColors.SaddleBrown, SKColors.White, SKEncodedImageFormat.Png, canvas =>
        {
            using var paper = new SKPaint { Color = SKColors.White };
            canvas.DrawRect(25, 20, 250, 255, paper);
        });

        AssertRefused("blank", sheet);
    }

    [Fact]
    public void Decode_WhatIsNoPicture_SaysSo()
    {
        AssertRefused("not an image", "hello"u8.ToArray());
        AssertRefused("empty", []);
        using var large = new MemoryStream(new byte[DigitImage.LargestFile + 1]);
        var error = Assert.Throws<DigitImageException>(() => DigitImage.Decode(large));
        Assert.Contains("larger", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Decode_TruncatedPicture_SaysThatItIsDamaged()
    {
        var png = OnPaper(300, canvas => canvas.DrawCircle(150, 150, 99, Pen(20)));

        Assert.Throws<DigitImageException>(() => DigitImage.Decode(png.AsSpan(0, png.Length * 2 / 3)));
    }

    [Fact]
    public void Decode_TooManyPixels_SaysSo()
    {
        // A black PNG of 8,000 × 8,000 pixels is a small file, but takes a lot of memory.
        var bomb = Draw(8000, 8000, SKColors.Black, SKColors.Black, SKEncodedImageFormat.Png, _ => { });

        AssertRefused("8000 × 8000", bomb);
    }

    [Fact]
    public void FromPixels_WrongCount_Throws() =>
        Assert.Throws<ArgumentException>(() => DigitImage.FromPixels(new byte[783]));

    [Fact]
    public void ToUnitInterval_Pixels_AreDividedBy255()
    {
        var pixels = new byte[784];
        (pixels[0], pixels[783]) = (255, 51);

        var values = DigitImage.FromPixels(pixels).ToUnitInterval();

        Assert.Equal((1f, 0f, 0.2f), (values[0], values[1], values[783]));
    }

    [Fact]
    public void DecodeToUnitInterval_AnyPicture_IsWhatDecodeReads()
    {
        var exact = DigitImage.FromPixels(MnistDataset.Load(Workspace.Find().SampleFolder).Test.Image(3)).ToPng();
        foreach (var picture in new[] { exact, PlainPictures.Bmp(40, true), PlainPictures.Gif(40, false) })
        {
            var values = new float[784];
            DigitImage.DecodeToUnitInterval(new MemoryStream(picture), values);

            Assert.Equal(DigitImage.Decode(picture).ToUnitInterval(), values);
        }

        Assert.Throws<ArgumentException>(
            "target", () => DigitImage.DecodeToUnitInterval(new MemoryStream(exact), new float[783]));
    }

    private static void AssertRefused(string reason, byte[] file)
    {
        var error = Assert.Throws<DigitImageException>(() => DigitImage.Decode(file));
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    private static SKPaint Pen(float width) =>
        new() { Color = SKColors.Black, IsStroke = true, StrokeWidth = width, IsAntialias = true };

    private static byte[] OnPaper(int size, Action<SKCanvas> draw) =>
        Draw(size, size, SKColors.White, SKColors.Black, SKEncodedImageFormat.Png, draw);

    private static byte[] Draw(
        int width, int height, SKColor paper, SKColor ink, SKEncodedImageFormat format, Action<SKCanvas> draw)
    {
        Assert.NotEqual(SKColors.Transparent, ink);
        using var bitmap = new SKBitmap(width, height, SKColorType.Rgba8888, SKAlphaType.Unpremul);
        bitmap.Erase(paper);
        using (var canvas = new SKCanvas(bitmap)) draw(canvas);
        using var data = bitmap.Encode(format, 95);
        return data.ToArray();
    }
}
