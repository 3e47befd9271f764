using SkiaSharp;

namespace MnistLab.Data;

/// <summary>Reads picture files of any common format.</summary>
internal static class PictureDecoder
{
    private const int LargestSide = 10_000;
    private const int MostPixels = 16_000_000;
    private const int UsefulSide = 1_000;

    /// <exception cref="DigitImageException">It is no picture, damaged, or too large.</exception>
    public static ColourPicture Decode(ReadOnlySpan<byte> encoded)
    {
        using var data = SKData.CreateCopy(encoded);
        using var codec = SKCodec.Create(data)
            ?? throw new DigitImageException("This is no picture that can be read. Send a PNG, JPEG, BMP, GIF or WebP file.");
        var full = codec.Info;
        // JPEG can be decoded at a part of its size; a digit needs no more than this.
        var scale = Math.Min(1f, (float)UsefulSide / Math.Min(full.Width, full.Height));
        var size = codec.GetScaledDimensions(scale);
        if (full.Width > LargestSide || full.Height > LargestSide || (long)size.Width * size.Height > MostPixels)
            throw new DigitImageException(FormattableString.Invariant($"The picture has {full.Width} × {full.Height} pixels; at most {MostPixels / 1_000_000} million are read. Send a smaller one."));

        // Not premultiplied: with transparent pixels the colour that lies under them must not count.
        using var bitmap = new SKBitmap();
        if (!bitmap.TryAllocPixels(new SKImageInfo(size.Width, size.Height, SKColorType.Rgba8888, SKAlphaType.Unpremul)))
            throw new DigitImageException("There is not enough memory to read the picture. Send a smaller one.");
        var result = codec.GetPixels(bitmap.Info, bitmap.GetPixels());
        if (result != SKCodecResult.Success) throw new DigitImageException($"The picture is damaged ({result}). Send the original file.");
        return Turn(Reduce(ToOpaque(bitmap), size.Width, size.Height), codec.EncodedOrigin);
    }

    private static byte[] ToOpaque(SKBitmap bitmap)
    {
        var rgba = bitmap.GetPixelSpan();
        var rgb = new byte[3 * bitmap.Width * bitmap.Height];
        long ink = 0, weight = 0;
        for (var (i, j) = (0, 0); i < rgb.Length; (i, j) = (i + 3, j + 4))
        {
            (rgb[i], rgb[i + 1], rgb[i + 2]) = (rgba[j], rgba[j + 1], rgba[j + 2]);
            ink += rgba[j + 3] * (rgba[j] + rgba[j + 1] + rgba[j + 2]);
            weight += rgba[j + 3];
        }

        if (weight == 255L * bitmap.Width * bitmap.Height) return rgb;
        // What is transparent becomes the paper: white under dark ink, black under light ink.
        var paper = ink > 3 * 127 * weight ? 0 : 255;
        for (var i = 0; i < rgb.Length; i++)
        {
            var alpha = rgba[(i / 3 * 4) + 3];
            rgb[i] = (byte)(((rgb[i] * alpha) + (paper * (255 - alpha)) + 127) / 255);
        }

        return rgb;
    }

    /// <summary>Makes a large picture smaller by whole numbers, each pixel the mean of a square.</summary>
    private static ColourPicture Reduce(byte[] rgb, int width, int height)
    {
        var factor = Math.Max(width, height) / UsefulSide;
        var (newWidth, newHeight) = factor < 2 ? (width, height) : (width / factor, height / factor);
        if (factor < 2 || newWidth == 0 || newHeight == 0) return new ColourPicture(rgb, width, height);
        var reduced = new byte[3 * newWidth * newHeight];
        for (var i = 0; i < reduced.Length; i++)
        {
            var (x, y, channel) = (i / 3 % newWidth * factor, i / 3 / newWidth * factor, i % 3);
            var sum = 0;
            for (var row = y; row < y + factor; row++)
            {
                for (var column = x; column < x + factor; column++) sum += rgb[(3 * ((row * width) + column)) + channel];
            }

            reduced[i] = (byte)(((2 * sum) + (factor * factor)) / (2 * factor * factor));
        }

        return new ColourPicture(reduced, newWidth, newHeight);
    }

    /// <summary>Turns the picture upright, as the camera noted in its Exif data.</summary>
    private static ColourPicture Turn(ColourPicture picture, SKEncodedOrigin origin)
    {
        if (origin == SKEncodedOrigin.TopLeft) return picture;
        var (rgb, width, height) = picture;
        var (turnedWidth, turnedHeight) = origin >= SKEncodedOrigin.LeftTop ? (height, width) : (width, height);
        var turned = new byte[rgb.Length];
        for (var y = 0; y < turnedHeight; y++)
        {
            for (var x = 0; x < turnedWidth; x++)
            {
                var (right, bottom) = (turnedWidth - 1 - x, turnedHeight - 1 - y);
                var (column, row) = origin switch
                {
                    SKEncodedOrigin.TopRight => (right, y),
                    SKEncodedOrigin.BottomRight => (right, bottom),
                    SKEncodedOrigin.BottomLeft => (x, bottom),
                    SKEncodedOrigin.LeftTop => (y, x),
                    SKEncodedOrigin.RightTop => (y, right),
                    SKEncodedOrigin.RightBottom => (bottom, right),
                    SKEncodedOrigin.LeftBottom => (bottom, x),
                    _ => (x, y),
                };
                rgb.AsSpan(3 * ((row * width) + column), 3).CopyTo(turned.AsSpan(3 * ((y * turnedWidth) + x)));
            }
        }

        return new ColourPicture(turned, turnedWidth, turnedHeight);
    }
}
