using MnistLab.Data.Images;
using MnistLab.Hosting;
using SkiaSharp;

namespace MnistLab.Notebooks;

/// <summary>Represents a drawing made by code: black ink on white paper of any size, like a user's drawing.</summary>
public sealed class Sketch
{
    private readonly SKPath _path = new();
    private readonly List<(DigitImage Digit, float X, float Y, float Size, float Degrees)> _digits = [];
    private readonly int _width;
    private readonly int _height;
    private readonly float _pen;

    /// <summary>Initializes an empty drawing.</summary>
    /// <param name="width">The width in pixels.</param>
    /// <param name="height">The height in pixels.</param>
    /// <param name="pen">The thickness of the pen in pixels.</param>
    public Sketch(int width, int height, float pen)
    {
        NumberRange.RequireAtLeast(width, 1);
        NumberRange.RequireAtLeast(height, 1);
        NumberRange.Validate(pen > 0, pen, "a number above 0");
        (_width, _height, _pen) = (width, height, pen);
    }

    /// <summary>Draws straight lines from point to point; (0, 0) is the upper-left corner.</summary>
    public Sketch Line(params (float X, float Y)[] points)
    {
        ArgumentNullException.ThrowIfNull(points);
        _path.AddPoly([.. points.Select(point => new SKPoint(point.X, point.Y))], close: false);
        return this;
    }

    /// <summary>Draws an arc of an ellipse.</summary>
    /// <param name="x">The x-coordinate of the center.</param>
    /// <param name="y">The y-coordinate of the center.</param>
    /// <param name="radiusX">The horizontal radius.</param>
    /// <param name="radiusY">The vertical radius.</param>
    /// <param name="from">The start angle, in degrees clockwise from the right.</param>
    /// <param name="sweep">The sweep angle, in degrees clockwise.</param>
    public Sketch Arc(float x, float y, float radiusX, float radiusY, float from, float sweep)
    {
        _path.AddArc(new SKRect(x - radiusX, y - radiusY, x + radiusX, y + radiusY), from, sweep);
        return this;
    }

    /// <summary>Pastes a digit onto the drawing as dark ink.</summary>
    /// <param name="digit">The digit.</param>
    /// <param name="x">The x-coordinate of its center.</param>
    /// <param name="y">The y-coordinate of its center.</param>
    /// <param name="size">The width and height of its 28 × 28 pixels on the drawing, in pixels.</param>
    /// <param name="degrees">The rotation, in degrees clockwise.</param>
    public Sketch Digit(DigitImage digit, float x, float y, float size, float degrees = 0)
    {
        ArgumentNullException.ThrowIfNull(digit);
        NumberRange.Validate(size > 0, size, "a number above 0");
        _digits.Add((digit, x, y, size, degrees));
        return this;
    }

    /// <summary>Encodes the drawing as a PNG file.</summary>
    public byte[] ToPng()
    {
        using var surface = SKSurface.Create(new SKImageInfo(_width, _height));
        using var ink = new SKPaint
        {
            Color = SKColors.Black,
            Style = SKPaintStyle.Stroke,
            StrokeWidth = _pen,
            StrokeCap = SKStrokeCap.Round,
            StrokeJoin = SKStrokeJoin.Round,
            IsAntialias = true
        };
        surface.Canvas.Clear(SKColors.White);
        surface.Canvas.DrawPath(_path, ink);
        foreach (var pasted in _digits) Paste(surface.Canvas, pasted.Digit, pasted.X, pasted.Y, pasted.Size, pasted.Degrees);
        using var image = surface.Snapshot();
        using var png = image.Encode(SKEncodedImageFormat.Png, 100);
        return png.ToArray();
    }

    private static void Paste(SKCanvas canvas, DigitImage digit, float x, float y, float size, float degrees)
    {
        using var bitmap = new SKBitmap(DigitImage.Side, DigitImage.Side, SKColorType.Rgba8888, SKAlphaType.Unpremul);
        // The amount of ink is the opacity, so that the paper shows through the background of the digit.
        for (var i = 0; i < digit.Pixels.Length; i++)
            bitmap.SetPixel(i % DigitImage.Side, i / DigitImage.Side, SKColors.Black.WithAlpha(digit.Pixels.Span[i]));
        using var paint = new SKPaint { FilterQuality = SKFilterQuality.High };
        canvas.Save();
        canvas.Translate(x, y);
        canvas.RotateDegrees(degrees);
        canvas.DrawBitmap(bitmap, new SKRect(-size / 2, -size / 2, size / 2, size / 2), paint);
        canvas.Restore();
    }
}
