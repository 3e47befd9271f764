using SkiaSharp;

namespace MnistLab.Serving.Tests;

/// <summary>Ways in which the same digit comes from elsewhere: another size, place, colour, pen or file format.</summary>
/// <param name="Name">What is different.</param>
/// <param name="Encode">Makes a file of a digit's pixels and its number.</param>
/// <param name="Every">Of how many digits one is tried: large pictures take their time.</param>
internal sealed record Rerendering(string Name, Func<byte[], int, byte[]> Encode, int Every = 1)
{
    private static readonly SKColor[] Papers = [SKColors.Beige, new(190, 220, 190), new(90, 120, 160), new(230, 190, 200), new(60, 110, 70), new(200, 200, 90)];
    private static readonly SKColor[] Inks = [SKColors.DarkBlue, new(120, 20, 20), SKColors.White, SKColors.Black, new(240, 240, 160), new(150, 0, 120)];

    /// <summary>The ones that the accuracy of the originals has to be kept in.</summary>
    public static IReadOnlyList<Rerendering> All { get; } =
    [
        .. new[] { 20, 24, 40, 64, 100, 200, 400 }.Select(side => new Rerendering($"{side} × {side} px", (pixels, _) => Draw(pixels, side, side, side, 0, 0, SKColors.Black, SKColors.White, SKEncodedImageFormat.Png), side < 100 ? 1 : 4)),
        new("black on white, 28 px", (pixels, _) => Draw(pixels, 28, 28, 28, 0, 0, SKColors.White, SKColors.Black, SKEncodedImageFormat.Png)),
        new("black on white, 120 px", (pixels, _) => Draw(pixels, 120, 120, 120, 0, 0, SKColors.White, SKColors.Black, SKEncodedImageFormat.Png), 2),
        new("shifted on a larger sheet", (pixels, i) => Draw(pixels, 300, 240, 80, i * 37 % 220, i * 53 % 160, SKColors.White, SKColors.Black, SKEncodedImageFormat.Png), 2),
        new("coloured pen on coloured paper", (pixels, i) => Draw(pixels, 112, 112, 112, 0, 0, Papers[i % Papers.Length], Inks[i % Inks.Length], SKEncodedImageFormat.Png), 2),
        new("JPEG of quality 50, 112 px", (pixels, _) => Draw(pixels, 112, 112, 112, 0, 0, SKColors.White, SKColors.Black, SKEncodedImageFormat.Jpeg, 50), 2),
        new("JPEG of quality 50, 28 px, white on black", (pixels, _) => Draw(pixels, 28, 28, 28, 0, 0, SKColors.Black, SKColors.White, SKEncodedImageFormat.Jpeg, 50)),
        new("JPEG of quality 50, shifted, coloured", (pixels, i) => Draw(pixels, 320, 320, 140, i * 41 % 180, i * 29 % 180, Papers[i % Papers.Length], Inks[i % Inks.Length], SKEncodedImageFormat.Jpeg, 50), 2),
        new("black on transparent", (pixels, _) => Draw(pixels, 100, 100, 100, 0, 0, SKColors.Transparent, SKColors.Black, SKEncodedImageFormat.Png), 2),
        new("photographed: uneven light, JPEG", (pixels, i) => Draw(pixels, 300, 300, 180, 20 + (i * 17 % 80), 20 + (i * 13 % 80), new(235, 235, 225), new(50, 50, 60), SKEncodedImageFormat.Jpeg, 60, light: true), 2),
    ];

    /// <summary>Pens that the dataset was not written with.</summary>
    public static IReadOnlyList<Rerendering> Pens { get; } =
    [
        new("a hairline", (pixels, _) => Draw(Pen(pixels, 2), 336, 336, 336, 0, 0, SKColors.White, SKColors.Black, SKEncodedImageFormat.Png), 2),
        new("a marker", (pixels, _) => Draw(Pen(pixels, 0), 336, 336, 336, 0, 0, SKColors.White, SKColors.Black, SKEncodedImageFormat.Png), 2),
    ];

    /// <param name="pixels">The digit: grey values of a square.</param>
    /// <param name="width">The width of the picture.</param>
    /// <param name="height">Its height.</param>
    /// <param name="size">To which size the digit's square is scaled.</param>
    /// <param name="left">Where it is put.</param>
    /// <param name="top">Where it is put.</param>
    /// <param name="paper">The colour of what is 0.</param>
    /// <param name="ink">The colour of what is 255.</param>
    /// <param name="format">The file's format.</param>
    /// <param name="quality">The file's quality.</param>
    /// <param name="light">Whether the light falls off to the right and downwards.</param>
    private static byte[] Draw(byte[] pixels, int width, int height, int size, int left, int top, SKColor paper, SKColor ink, SKEncodedImageFormat format, int quality = 100, bool light = false)
    {
        var side = (int)Math.Sqrt(pixels.Length);
        using var digit = new SKBitmap(new SKImageInfo(side, side, SKColorType.Rgba8888, SKAlphaType.Premul));
        // The ink's alpha is the digit: over any paper it is painted as a pen would.
        for (var i = 0; i < pixels.Length; i++) digit.SetPixel(i % side, i / side, ink.WithAlpha(pixels[i]));
        using var scaled = digit.Resize(new SKImageInfo(size, size, SKColorType.Rgba8888, SKAlphaType.Premul), SKFilterQuality.High);
        using var sheet = new SKBitmap(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Premul));
        sheet.Erase(paper);
        using (var canvas = new SKCanvas(sheet))
        {
            canvas.DrawBitmap(scaled, left, top);
            if (light)
            {
                using var shade = new SKPaint { Shader = SKShader.CreateLinearGradient(new SKPoint(0, 0), new SKPoint(width, height), [SKColors.Transparent, new SKColor(0, 0, 0, 110)], SKShaderTileMode.Clamp) };
                canvas.DrawRect(0, 0, width, height, shade);
            }
        }

        using var file = sheet.Encode(format, quality);
        return file.ToArray();
    }

    /// <summary>The digit at four times its size, written with a thinner pen (eroded by a number of pixels of that size), or, for 0, with a thick one.</summary>
    private static byte[] Pen(byte[] pixels, int thinner)
    {
        const int Side = 28 * 4;
        using var digit = new SKBitmap(new SKImageInfo(28, 28, SKColorType.Gray8, SKAlphaType.Opaque));
        System.Runtime.InteropServices.Marshal.Copy(pixels, 0, digit.GetPixels(), pixels.Length);
        using var large = digit.Resize(new SKImageInfo(Side, Side, SKColorType.Gray8, SKAlphaType.Opaque), SKFilterQuality.High);
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
                found = (dx * dx) + (dy * dy) <= radius * radius && x >= 0 && y >= 0 && x < side && y < side && ink[(y * side) + x];
            }
        }

        return found;
    }
}
