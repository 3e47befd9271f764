using System.Runtime.InteropServices;
using SkiaSharp;

namespace MnistLab.Serving.Tests;

/// <summary>
/// Represents a sheet with one digit, and anything else that a crop, a scan, or a photo of it may show. Coordinates are
/// pixels of the sheet.
/// </summary>
internal sealed class Scene : IDisposable
{
    private readonly SKBitmap _sheet;
    private readonly SKCanvas _canvas;

    public Scene(int width, int height, SKColor paper)
    {
        _sheet = new SKBitmap(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Premul));
        _sheet.Erase(paper);
        _canvas = new SKCanvas(_sheet);
    }

    private SKRect Everything => new(0, 0, _sheet.Width, _sheet.Height);

    public void Dispose()
    {
        _canvas.Dispose();
        _sheet.Dispose();
    }

    /// <summary>Draws a digit so that its ink (not its 28 × 28 frame) fills a box, keeping its proportions.</summary>
    /// <param name="pixels">784 gray values.</param>
    /// <param name="ink">The color of the pen.</param>
    /// <param name="size">The longer side of the ink's bounding box.</param>
    /// <param name="horizontal">0 for the left edge of the sheet to 1 for its right edge.</param>
    /// <param name="vertical">0 for the upper edge of the sheet to 1 for its lower edge.</param>
    public Scene Digit(byte[] pixels, SKColor ink, float size, float horizontal = 0.5f, float vertical = 0.5f)
    {
        var box = InkBox(pixels);
        using var digit = new SKBitmap(new SKImageInfo(28, 28, SKColorType.Rgba8888, SKAlphaType.Premul));
        for (var i = 0; i < pixels.Length; i++) digit.SetPixel(i % 28, i / 28, ink.WithAlpha(pixels[i]));
        using var crop = new SKBitmap();
        digit.ExtractSubset(crop, box);
        var scale = size / Math.Max(box.Width, box.Height);
        var width = Math.Max(1, (int)Math.Round(scale * box.Width));
        var height = Math.Max(1, (int)Math.Round(scale * box.Height));
        var info = new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Premul);
        using var scaled = crop.Resize(info, SKFilterQuality.High);
        var left = MathF.Round(horizontal * (_sheet.Width - width));
        var top = MathF.Round(vertical * (_sheet.Height - height));
        _canvas.DrawBitmap(scaled, left, top);
        return this;
    }

    /// <summary>Darkens the sheet on one side of a line.</summary>
    /// <param name="strength">The share of the light that the shadow blocks, from 0 to 1.</param>
    /// <param name="degrees">The direction in which the shadow lies.</param>
    /// <param name="offset">The distance of the edge from the middle of the sheet.</param>
    /// <param name="blur">The width of the edge of the shadow; 0 for a hard edge.</param>
    public Scene Shadow(float strength, float degrees, float offset, float blur)
    {
        var (x, y) = (MathF.Cos(degrees * MathF.PI / 180), MathF.Sin(degrees * MathF.PI / 180));
        var from = new SKPoint((_sheet.Width / 2) + (x * offset), (_sheet.Height / 2) + (y * offset));
        var to = new SKPoint(from.X + (x * Math.Max(blur, 1)), from.Y + (y * Math.Max(blur, 1)));
        SKColor[] shades = [SKColors.Transparent, SKColors.Black.WithAlpha((byte)(255 * strength))];
        using var shader = SKShader.CreateLinearGradient(from, to, shades, SKShaderTileMode.Clamp);
        using var paint = new SKPaint { Shader = shader };
        _canvas.DrawRect(Everything, paint);
        return this;
    }

    /// <summary>Covers a strip along an edge of the sheet, like a desk that the paper lies on.</summary>
    public Scene Strip(SKColor color, int side, float width, float slope)
    {
        var (w, h) = ((float)_sheet.Width, (float)_sheet.Height);
        using var path = new SKPath();
        path.AddPoly(side switch
        {
            0 => [new(0, 0), new(w, 0), new(w, width + (slope * w)), new(0, width)],
            1 => [new(w, 0), new(w, h), new(w - width - (slope * h), h), new(w - width, 0)],
            2 => [new(w, h), new(0, h), new(0, h - width - (slope * w)), new(w, h - width)],
            _ => [new SKPoint(0, h), new(0, 0), new(width + (slope * h), 0), new(width, h)],
        });
        using var paint = new SKPaint { Color = color, IsAntialias = true };
        _canvas.DrawPath(path, paint);
        return this;
    }

    /// <summary>Draws a slightly rotated rectangle.</summary>
    public Scene Frame(SKColor color, float margin, float thickness, float degrees = 0)
    {
        using var paint = new SKPaint { Color = color, IsStroke = true, StrokeWidth = thickness, IsAntialias = true };
        _canvas.Save();
        _canvas.RotateDegrees(degrees, _sheet.Width / 2, _sheet.Height / 2);
        _canvas.DrawRect(SKRect.Inflate(Everything, -margin - (thickness / 2), -margin - (thickness / 2)), paint);
        _canvas.Restore();
        return this;
    }

    /// <summary>Draws parallel lines across the whole sheet.</summary>
    public Scene Rules(
        SKColor color, float first, float distance, float thickness, bool areUpright = false, float degrees = 0)
    {
        using var paint = new SKPaint { Color = color, IsStroke = true, StrokeWidth = thickness, IsAntialias = true };
        var length = _sheet.Width + _sheet.Height;
        _canvas.Save();
        _canvas.RotateDegrees(degrees + (areUpright ? 90 : 0), _sheet.Width / 2, _sheet.Height / 2);
        for (var y = first; y < length; y += distance) _canvas.DrawLine(-length, y, length, y, paint);
        _canvas.Restore();
        return this;
    }

    /// <summary>Makes the corners transparent.</summary>
    public Scene RoundCorners(float radius)
    {
        using var path = new SKPath { FillType = SKPathFillType.InverseWinding };
        path.AddRoundRect(Everything, radius, radius);
        using var paint = new SKPaint { BlendMode = SKBlendMode.Clear, IsAntialias = true };
        _canvas.DrawPath(path, paint);
        return this;
    }

    /// <summary>Adds the noise of a sensor or the grain of wood.</summary>
    public Scene Noise(int amplitude, int seed)
    {
        var random = new Random(seed);
        var pixels = _sheet.Bytes;
        for (var i = 0; i < pixels.Length; i += 4)
        {
            var change = random.Next(-amplitude, amplitude + 1);
            for (var channel = i; channel < i + 3; channel++)
                pixels[channel] = (byte)Math.Clamp(pixels[channel] + change, 0, (int)pixels[i + 3]);
        }

        Marshal.Copy(pixels, 0, _sheet.GetPixels(), pixels.Length);
        return this;
    }

    public byte[] Encode(SKEncodedImageFormat format = SKEncodedImageFormat.Png, int quality = 100)
    {
        using var file = _sheet.Encode(format, quality);
        return file.ToArray();
    }

    /// <summary>Returns the part of a digit that contains ink.</summary>
    public static SKRectI InkBox(byte[] pixels, int threshold = 0)
    {
        var box = new SKRectI(28, 28, 0, 0);
        for (var i = 0; i < pixels.Length; i++)
        {
            if (pixels[i] <= threshold) continue;
            var (x, y) = (i % 28, i / 28);
            box.Left = Math.Min(box.Left, x);
            box.Top = Math.Min(box.Top, y);
            box.Right = Math.Max(box.Right, x + 1);
            box.Bottom = Math.Max(box.Bottom, y + 1);
        }

        return box;
    }
}
