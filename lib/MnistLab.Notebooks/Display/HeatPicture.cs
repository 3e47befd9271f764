using MnistLab.Data;
using SkiaSharp;

namespace MnistLab.Notebooks;

/// <summary>Draws numbers as colours.</summary>
internal static class HeatPicture
{
    private static readonly SKColor Negative = new(33, 102, 172);
    private static readonly SKColor Positive = new(178, 24, 43);

    /// <summary>A PNG file of 28 × 28 pixels.</summary>
    /// <param name="values">The numbers, row after row.</param>
    /// <param name="largest">The number that has the full colour; above zero.</param>
    public static byte[] Draw(float[] values, float largest)
    {
        using var bitmap = new SKBitmap(new SKImageInfo(DigitImage.Side, DigitImage.Side, SKColorType.Rgba8888, SKAlphaType.Opaque));
        for (var i = 0; i < values.Length; i++) bitmap.SetPixel(i % DigitImage.Side, i / DigitImage.Side, ColorOf(values[i] / largest));
        using var png = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        return png.ToArray();
    }

    private static SKColor ColorOf(float value)
    {
        var full = value < 0 ? Negative : Positive;
        byte Mix(byte channel) => (byte)(255 + ((channel - 255) * Math.Min(1, Math.Abs(value))));
        return new SKColor(Mix(full.Red), Mix(full.Green), Mix(full.Blue));
    }
}
