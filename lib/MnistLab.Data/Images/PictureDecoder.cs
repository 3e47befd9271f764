using SkiaSharp;

namespace MnistLab.Data;

/// <summary>Reads picture files of any common format.</summary>
internal static class PictureDecoder
{
    private const int LargestSide = 10_000;
    private const int MostPixels = 16_000_000;
    private const int UsefulSide = 1_000;

    /// <exception cref="DigitImageException">It is no picture, damaged, or too large.</exception>
    public static GreyPicture Decode(ReadOnlySpan<byte> encoded)
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
        return Turn(ToGrey(bitmap), size.Width, size.Height, codec.EncodedOrigin);
    }

    private static byte[] ToGrey(SKBitmap bitmap)
    {
        var rgba = bitmap.GetPixelSpan();
        var (grey, alpha) = (new byte[bitmap.Width * bitmap.Height], new byte[bitmap.Width * bitmap.Height]);
        long ink = 0, weight = 0;
        for (var i = 0; i < grey.Length; i++)
        {
            var pixel = rgba.Slice(4 * i, 4);
            // Luma as in ITU-R BT.601; the weights add up to 1,000, so that a grey stays exactly what it is.
            grey[i] = (byte)(((299 * pixel[0]) + (587 * pixel[1]) + (114 * pixel[2]) + 500) / 1000);
            alpha[i] = pixel[3];
            ink += grey[i] * alpha[i];
            weight += alpha[i];
        }

        // What is transparent becomes the paper: white under dark ink, black under light ink.
        var paper = ink > 127 * weight ? 0 : 255;
        for (var i = 0; i < grey.Length; i++) grey[i] = (byte)(((grey[i] * alpha[i]) + (paper * (255 - alpha[i])) + 127) / 255);
        return grey;
    }

    /// <summary>Turns the picture upright, as the camera noted in its Exif data.</summary>
    private static GreyPicture Turn(byte[] grey, int width, int height, SKEncodedOrigin origin)
    {
        if (origin == SKEncodedOrigin.TopLeft) return new GreyPicture(grey, width, height);
        var (turnedWidth, turnedHeight) = origin >= SKEncodedOrigin.LeftTop ? (height, width) : (width, height);
        var turned = new byte[grey.Length];
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
                turned[(y * turnedWidth) + x] = grey[(row * width) + column];
            }
        }

        return new GreyPicture(turned, turnedWidth, turnedHeight);
    }
}
