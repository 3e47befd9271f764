using MnistLab.Data.Images;
using SkiaSharp;

namespace MnistLab.Data.Tests;

/// <summary>Tests paper with ruled lines that cross the whole image.</summary>
public sealed class RuledPaperTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(-2)]
    [InlineData(2)]
    [InlineData(-4)]
    [InlineData(4)]
    public void Decode_NothingButRules_SaysSo(float degrees)
    {
        var ruled = Ruled(degrees, _ => { });

        var error = Assert.Throws<DigitImageException>(() => DigitImage.Decode(ruled));
        Assert.Contains("lines", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-2)]
    [InlineData(2)]
    [InlineData(-4)]
    [InlineData(4)]
    public void Decode_DigitAcrossRules_IsReadWithoutThem(float degrees)
    {
        var ruled = Ruled(degrees, canvas =>
        {
            using var pen = new SKPaint { IsStroke = true, StrokeWidth = 18, IsAntialias = true };
            canvas.DrawCircle(150, 150, 71, pen);
        });

        var pixels = DigitImage.Decode(ruled).Pixels.ToArray();

        // Neither the paper within the ring nor the paper between the ruled lines is ink.
        Assert.InRange(pixels[(14 * 28) + 14], 0, 60);
        Assert.InRange(pixels[(4 * 28) + 4], 0, 60);
        // The two sides of the ring are ink, regardless of the pixels to which its center of mass is rounded.
        Assert.InRange(pixels.Skip(14 * 28).Take(14).Max(), 150, 255);
        Assert.InRange(pixels.Skip((14 * 28) + 14).Take(14).Max(), 150, 255);
    }

    private static byte[] Ruled(float degrees, Action<SKCanvas> draw)
    {
        using var bitmap = new SKBitmap(300, 300, SKColorType.Rgba8888, SKAlphaType.Opaque);
        bitmap.Erase(SKColors.White);
        using var canvas = new SKCanvas(bitmap);
        using var pen = new SKPaint { Color = SKColors.Navy, IsAntialias = true };
        canvas.Save();
        canvas.RotateDegrees(degrees, 150, 150);
        for (var y = -90; y < 400; y += 70) canvas.DrawRect(-100, y, 500, 3, pen);
        canvas.Restore();
        draw(canvas);
        using var file = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        return file.ToArray();
    }
}
