using SkiaSharp;
using static SkiaSharp.SKEncodedImageFormat;

namespace MnistLab.Serving.Tests;

/// <summary>
/// Represents a way in which the appearance of the same digit can vary: size, position, color, pen, or file format.
/// </summary>
/// <param name="Name">A description of the variation.</param>
/// <param name="Encode">Creates a file from the pixels and the index of a digit.</param>
/// <param name="Every">The stride between the digits to try, because large images take time.</param>
/// <param name="Refusal">
/// A word in the reason for the rejection, if the image may be rejected; null if it should be recognized.
/// </param>
internal sealed record Rerendering(
    string Name, Func<byte[], int, byte[]> Encode, int Every = 1, string? Refusal = null)
{
    private static readonly SKColor[] Papers =
    [
        SKColors.Beige, new(190, 220, 190), new(90, 120, 160), new(230, 190, 200), new(60, 110, 70), new(200, 200, 90),
    ];

    private static readonly SKColor[] Inks =
    [
        SKColors.DarkBlue, new(120, 20, 20), SKColors.White, SKColors.Black, new(240, 240, 160), new(150, 0, 120),
    ];

    /// <summary>Renders a digit in a variant that depends on its index alone.</summary>
    /// <param name="pixels">784 gray values.</param>
    /// <param name="index">
    /// The index of the digit in its dataset. It is hashed, because the indices of a sample have common factors with
    /// the numbers of variants, so that some variants would never be rendered.
    /// </param>
    public byte[] Render(byte[] pixels, int index)
    {
        // The finalizer of MurmurHash3 (A. Appleby), of which the upper 20 bits are enough.
        var hash = (uint)index;
        hash = (hash ^ (hash >> 16)) * 0x85EBCA6B;
        hash = (hash ^ (hash >> 13)) * 0xC2B2AE35;
        return Encode(pixels, (int)((hash ^ (hash >> 16)) >> 12));
    }

    /// <summary>The formats in which the accuracy of the originals must be preserved.</summary>
    public static IReadOnlyList<Rerendering> All { get; } =
    [
        .. new[] { 20, 24, 40, 64, 100, 200, 400 }.Select(side => new Rerendering(
            $"{side} × {side} px",
            (pixels, _) => Fill(pixels, side, SKColors.Black, SKColors.White, Png),
            side < 100 ? 1 : 4)),
        new("black on white, 28 px", (pixels, _) => Fill(pixels, 28, SKColors.White, SKColors.Black, Png)),
        new("black on white, 120 px", (pixels, _) => Fill(pixels, 120, SKColors.White, SKColors.Black, Png), 2),
        new("shifted on a larger sheet", (pixels, i) =>
            Draw(pixels, 300, 240, 80, i * 37 % 220, i * 53 % 160, SKColors.White, SKColors.Black, Png), 2),
        new("colored pen on colored paper", (pixels, i) =>
            Fill(pixels, 112, Papers[i % Papers.Length], Inks[i % Inks.Length], Png), 2),
        new("JPEG of quality 50, 112 px", (pixels, _) =>
            Fill(pixels, 112, SKColors.White, SKColors.Black, Jpeg, 50), 2),
        new("JPEG of quality 50, 28 px, white on black", (pixels, _) =>
            Fill(pixels, 28, SKColors.Black, SKColors.White, Jpeg, 50)),
        new("JPEG of quality 50, shifted, colored", (pixels, i) =>
        {
            var (paper, ink) = (Papers[i % Papers.Length], Inks[i % Inks.Length]);
            return Draw(pixels, 320, 320, 140, i * 41 % 180, i * 29 % 180, paper, ink, Jpeg, 50);
        }, 2),
        new("black on transparent", (pixels, _) => Fill(pixels, 100, SKColors.Transparent, SKColors.Black, Png), 2),
        new("photographed: uneven light, JPEG", (pixels, i) =>
        {
            var (left, top) = (20 + (i * 17 % 80), 20 + (i * 13 % 80));
            SKColor paper = new(235, 235, 225), ink = new(50, 50, 60);
            return Draw(pixels, 300, 300, 180, left, top, paper, ink, Jpeg, 60, light: true);
        }, 2),
    ];

    /// <summary>Pens with which the dataset was not written.</summary>
    public static IReadOnlyList<Rerendering> Pens { get; } =
    [
        new("a hairline", (pixels, _) => Fill(Pen(pixels, 2), 336, SKColors.White, SKColors.Black, Png), 2),
        new("a marker", (pixels, _) => Fill(Pen(pixels, 0), 336, SKColors.White, SKColors.Black, Png), 2),
    ];

    /// <summary>Draws a digit that fills a square image.</summary>
    private static byte[] Fill(
        byte[] pixels, int size, SKColor paper, SKColor ink, SKEncodedImageFormat format, int quality = 100) =>
        Draw(pixels, size, size, size, 0, 0, paper, ink, format, quality);

    /// <param name="pixels">The digit: gray values of a square.</param>
    /// <param name="width">The width of the image.</param>
    /// <param name="height">The height of the image.</param>
    /// <param name="size">The size to which the square of the digit is scaled.</param>
    /// <param name="left">The distance of the square from the left edge of the image.</param>
    /// <param name="top">The distance of the square from the top edge of the image.</param>
    /// <param name="paper">The color of the background, 0.</param>
    /// <param name="ink">The color of full ink, 255.</param>
    /// <param name="format">The format of the file.</param>
    /// <param name="quality">The quality of the file.</param>
    /// <param name="light">Whether the light falls off to the right and downward.</param>
    private static byte[] Draw(
        byte[] pixels,
        int width,
        int height,
        int size,
        int left,
        int top,
        SKColor paper,
        SKColor ink,
        SKEncodedImageFormat format,
        int quality = 100,
        bool light = false)
    {
        var side = (int)Math.Sqrt(pixels.Length);
        using var digit = new SKBitmap(new SKImageInfo(side, side, SKColorType.Rgba8888, SKAlphaType.Premul));
        // The alpha channel of the ink is the digit, so that it is painted over any paper as if by a pen.
        for (var i = 0; i < pixels.Length; i++) digit.SetPixel(i % side, i / side, ink.WithAlpha(pixels[i]));
        var info = new SKImageInfo(size, size, SKColorType.Rgba8888, SKAlphaType.Premul);
        using var scaled = digit.Resize(info, SKFilterQuality.High);
        using var sheet = new SKBitmap(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Premul));
        sheet.Erase(paper);
        using (var canvas = new SKCanvas(sheet))
        {
            canvas.DrawBitmap(scaled, left, top);
            if (light)
            {
                SKColor[] shades = [SKColors.Transparent, new SKColor(0, 0, 0, 110)];
                using var shader = SKShader.CreateLinearGradient(
                    new SKPoint(0, 0), new SKPoint(width, height), shades, SKShaderTileMode.Clamp);
                using var shade = new SKPaint { Shader = shader };
                canvas.DrawRect(0, 0, width, height, shade);
            }
        }

        using var file = sheet.Encode(format, quality);
        return file.ToArray();
    }

    /// <summary>
    /// Returns the digit at four times its size, written with a thinner pen (eroded by a number of pixels at that size)
    /// or, for 0, with a thick one.
    /// </summary>
    private static byte[] Pen(byte[] pixels, int thinner)
    {
        const int Side = 28 * 4;
        using var digit = new SKBitmap(new SKImageInfo(28, 28, SKColorType.Gray8, SKAlphaType.Opaque));
        System.Runtime.InteropServices.Marshal.Copy(pixels, 0, digit.GetPixels(), pixels.Length);
        var info = new SKImageInfo(Side, Side, SKColorType.Gray8, SKAlphaType.Opaque);
        using var large = digit.Resize(info, SKFilterQuality.High);
        var ink = large.GetPixelSpan().ToArray().Select(value => value > 127).ToArray();
        if (thinner == 0) return [.. Enumerable.Range(0, ink.Length).Select(i => (byte)(Near(ink, i, 5) ? 255 : 0))];
        return [.. Skeleton.Of(ink, Side).Select(isInk => (byte)(isInk ? 255 : 0))];
    }

    private static bool Near(bool[] ink, int pixel, int radius)
    {
        var (side, found) = ((int)Math.Sqrt(ink.Length), false);
        for (var dy = -radius; dy <= radius && !found; dy++)
        {
            for (var dx = -radius; dx <= radius && !found; dx++)
            {
                var (x, y) = ((pixel % side) + dx, (pixel / side) + dy);
                var isInside = x >= 0 && y >= 0 && x < side && y < side;
                found = isInside && (dx * dx) + (dy * dy) <= radius * radius && ink[(y * side) + x];
            }
        }

        return found;
    }
}
