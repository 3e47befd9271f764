using SkiaSharp;

namespace MnistLab.Models;

/// <summary>A picture of a one, to try a model with: at import, and before a service says that it is ready.</summary>
public static class ProbePicture
{
    /// <summary>A PNG, 56 × 56, black on white: larger than the model's input, so that the probe goes the whole way.</summary>
    public static byte[] Create()
    {
        using var bitmap = new SKBitmap(56, 56);
        using var canvas = new SKCanvas(bitmap);
        using var pen = new SKPaint { Color = SKColors.Black, StrokeWidth = 6 };
        canvas.Clear(SKColors.White);
        canvas.DrawLine(28, 10, 28, 46, pen);
        canvas.Flush();
        using var png = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        return png.ToArray();
    }
}
