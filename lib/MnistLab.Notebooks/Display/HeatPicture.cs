using MnistLab.Data.Images;
using SkiaSharp;

namespace MnistLab.Notebooks.Display;

/// <summary>Draws numbers as colors.</summary>
internal static class HeatPicture
{
    private static readonly SKColor Negative = new(33, 102, 172);
    private static readonly SKColor Positive = new(178, 24, 43);

    /// <summary>Gets the color scale from the most negative to the most positive number, as CSS.</summary>
    public static string Gradient => $"linear-gradient(to right,{Css(Negative)},#fff,{Css(Positive)})";

    /// <summary>Gets the color scale from zero to the most positive number, as CSS.</summary>
    public static string PositiveGradient => $"linear-gradient(to right,#fff,{Css(Positive)})";

    /// <summary>Returns a PNG file with a pixel per number.</summary>
    /// <param name="values">The numbers of a square image, row after row.</param>
    /// <param name="largest">The absolute value that gets the full color; above zero.</param>
    /// <param name="digit">A digit of the same size to draw underneath, in light gray; null for none.</param>
    public static byte[] Draw(float[] values, float largest, DigitImage? digit = null)
    {
        var side = HeatGrid.SideOf(values);
        using var bitmap = new SKBitmap(new SKImageInfo(side, side, SKColorType.Rgba8888, SKAlphaType.Opaque));
        for (var i = 0; i < values.Length; i++)
        {
            var paper = (byte)(255 - ((digit?.Pixels.Span[i] ?? 0) * 2 / 5));
            bitmap.SetPixel(i % side, i / side, ColorOf(values[i] / largest, paper));
        }

        using var png = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        return png.ToArray();
    }

    private static SKColor ColorOf(float value, byte paper)
    {
        var full = value < 0 ? Negative : Positive;
        byte Mix(byte channel) => (byte)(paper + ((channel - paper) * Math.Min(1, Math.Abs(value))));
        return new SKColor(Mix(full.Red), Mix(full.Green), Mix(full.Blue));
    }

    private static string Css(SKColor color) => $"rgb({color.Red},{color.Green},{color.Blue})";
}
