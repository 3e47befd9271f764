using SkiaSharp;

namespace MnistLab.Models;

/// <summary>
/// Provides an image of the digit one for trial predictions: at import, and before a service reports that it is ready.
/// </summary>
public static class ProbePicture
{
    /// <summary>
    /// Creates a 56 × 56 PNG, black on white. It is larger than the input of the model, so that the trial prediction
    /// covers all of the preprocessing.
    /// </summary>
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
