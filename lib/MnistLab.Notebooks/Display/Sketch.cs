using SkiaSharp;

namespace MnistLab.Notebooks;

/// <summary>A drawing made with code: black ink on white paper, of any size, as a person would hand it in.</summary>
public sealed class Sketch
{
    private readonly SKPath _path = new();
    private readonly int _width;
    private readonly int _height;
    private readonly float _pen;

    /// <summary>Takes a sheet of paper.</summary>
    /// <param name="width">Its width, in pixels.</param>
    /// <param name="height">Its height, in pixels.</param>
    /// <param name="pen">The thickness of the pen, in pixels.</param>
    public Sketch(int width, int height, float pen)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(pen);
        (_width, _height, _pen) = (width, height, pen);
    }

    /// <summary>Draws straight lines from point to point; (0, 0) is the upper left corner.</summary>
    public Sketch Line(params (float X, float Y)[] points)
    {
        ArgumentNullException.ThrowIfNull(points);
        _path.AddPoly([.. points.Select(point => new SKPoint(point.X, point.Y))], close: false);
        return this;
    }

    /// <summary>Draws an arc of an ellipse.</summary>
    /// <param name="x">The centre, from the left.</param>
    /// <param name="y">The centre, from the top.</param>
    /// <param name="radiusX">Half of the width.</param>
    /// <param name="radiusY">Half of the height.</param>
    /// <param name="from">Where it begins, in degrees clockwise from the right.</param>
    /// <param name="sweep">How far it goes, in degrees clockwise.</param>
    public Sketch Arc(float x, float y, float radiusX, float radiusY, float from, float sweep)
    {
        _path.AddArc(new SKRect(x - radiusX, y - radiusY, x + radiusX, y + radiusY), from, sweep);
        return this;
    }

    /// <summary>The drawing as a PNG file.</summary>
    public byte[] ToPng()
    {
        using var surface = SKSurface.Create(new SKImageInfo(_width, _height));
        using var ink = new SKPaint { Color = SKColors.Black, Style = SKPaintStyle.Stroke, StrokeWidth = _pen, StrokeCap = SKStrokeCap.Round, StrokeJoin = SKStrokeJoin.Round, IsAntialias = true };
        surface.Canvas.Clear(SKColors.White);
        surface.Canvas.DrawPath(_path, ink);
        using var image = surface.Snapshot();
        using var png = image.Encode(SKEncodedImageFormat.Png, 100);
        return png.ToArray();
    }
}
