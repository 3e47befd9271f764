using SkiaSharp;

namespace MnistLab.Data.Images;

/// <summary>Decodes image files of any common format.</summary>
internal static class ImageDecoder
{
    /// <summary>The maximum number of pixels of an image that is not a JPEG.</summary>
    public const int MaxPixels = 16_000_000;

    /// <summary>The maximum number of pixels of a JPEG, which can be decoded at a fraction of its size.</summary>
    public const int MaxJpegPixels = 100_000_000;

    /// <summary>The number of pixels per side beyond which a digit does not become easier to read.</summary>
    private const int UsefulSide = 1_000;

    /// <exception cref="DigitImageException">The data is not an image, or it is damaged or too large.</exception>
    public static ColorImage Decode(ReadOnlySpan<byte> encoded)
    {
        using var data = SKData.CreateCopy(encoded);
        using var codec = SKCodec.Create(data)
            ?? throw new DigitImageException(
                "This is not an image that can be read. Send a PNG, JPEG, BMP, GIF, or WebP file.");
        var size = DecodedSize(codec);

        // Not premultiplied, so that colors under transparent pixels keep their values until the image is made opaque.
        using var bitmap = new SKBitmap();
        var info = new SKImageInfo(size.Width, size.Height, SKColorType.Rgba8888, SKAlphaType.Unpremul);
        if (!bitmap.TryAllocPixels(info))
            throw new DigitImageException("There is not enough memory to read the image. Send a smaller one.");
        var result = codec.GetPixels(bitmap.Info, bitmap.GetPixels());
        if (result != SKCodecResult.Success)
            throw new DigitImageException($"The image is damaged ({result}). Send the original file.");
        var image = new ColorImage(ToOpaque(bitmap), size.Width, size.Height);
        var whole = new PixelBox(0, 0, size.Width, size.Height);
        var origin = codec.EncodedFormat == SKEncodedImageFormat.Png ? PngExif.Origin(encoded) : codec.EncodedOrigin;
        return Turn(image.Shrink(whole, Math.Max(1, whole.Size / UsefulSide)), origin);
    }

    private static SKSizeI DecodedSize(SKCodec codec)
    {
        var (width, height) = (codec.Info.Width, codec.Info.Height);
        var pixels = (long)width * height;
        var max = codec.EncodedFormat == SKEncodedImageFormat.Jpeg ? MaxJpegPixels : MaxPixels;
        if (pixels > max)
        {
            var reason = FormattableString.Invariant(
                $"The image has {width} × {height} pixels; the maximum is {max / 1_000_000} million.");
            throw new DigitImageException($"{reason} Send a smaller one.");
        }

        var scale = Math.Min(1f, (float)UsefulSide / Math.Min(width, height));
        var size = codec.GetScaledDimensions(scale);
        // For a long, narrow JPEG, halves the scale until the image fits; an eighth is always available.
        while ((long)size.Width * size.Height > MaxPixels) size = codec.GetScaledDimensions(scale /= 2);
        return size;
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
        // Transparent pixels become paper: white under dark ink, black under light ink.
        var paper = ink > 3 * 127 * weight ? 0 : 255;
        for (var i = 0; i < rgb.Length; i++)
        {
            var alpha = rgba[(i / 3 * 4) + 3];
            rgb[i] = (byte)(((rgb[i] * alpha) + (paper * (255 - alpha)) + 127) / 255);
        }

        return rgb;
    }

    /// <summary>Rotates or mirrors the image upright, according to its Exif orientation.</summary>
    private static ColorImage Turn(ColorImage image, SKEncodedOrigin origin)
    {
        if (origin == SKEncodedOrigin.TopLeft) return image;
        var (rgb, width, height) = image;
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

        return new ColorImage(turned, turnedWidth, turnedHeight);
    }
}
