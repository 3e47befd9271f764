namespace MnistLab.Data.Images;

/// <summary>Represents a decoded image, upright and opaque.</summary>
/// <param name="Rgb">Red, green, and blue of each pixel in [0, 255], row after row.</param>
/// <param name="Width">Pixels per row.</param>
/// <param name="Height">Number of rows.</param>
internal sealed record ColorImage(byte[] Rgb, int Width, int Height)
{
    /// <summary>Gets whether red, green, and blue are equal in every pixel.</summary>
    public bool IsGray
    {
        get
        {
            for (var i = 0; i < Rgb.Length; i += 3)
            {
                if (Rgb[i] != Rgb[i + 1] || Rgb[i] != Rgb[i + 2]) return false;
            }

            return true;
        }
    }

    /// <summary>Returns the gray values of a gray image.</summary>
    public byte[] ToGray()
    {
        var gray = new byte[Width * Height];
        for (var i = 0; i < gray.Length; i++) gray[i] = Rgb[3 * i];
        return gray;
    }

    /// <summary>
    /// Returns a part of the image, downscaled by an integer factor: each pixel is the mean of a square.
    /// </summary>
    /// <param name="part">The part, which lies within the image.</param>
    /// <param name="factor">The factor, at least 1. Squares at the right and bottom edges may be incomplete.</param>
    public ColorImage Shrink(PixelBox part, int factor)
    {
        if (factor == 1 && part.Width == Width && part.Height == Height) return this;
        var (width, height) = ((part.Width + factor - 1) / factor, (part.Height + factor - 1) / factor);
        var shrunk = new byte[3 * width * height];
        var sums = new int[3 * width];
        for (var row = 0; row < height; row++)
        {
            Array.Clear(sums);
            var (first, end) = (part.Top + (row * factor), Math.Min(part.Bottom, part.Top + ((row + 1) * factor)));
            for (var y = first; y < end; y++)
            {
                var source = Rgb.AsSpan(3 * ((y * Width) + part.Left), 3 * part.Width);
                for (int column = 0, i = 0; column < width; column++)
                {
                    int red = 0, green = 0, blue = 0;
                    for (var last = Math.Min(source.Length, i + (3 * factor)); i < last; i += 3)
                    {
                        red += source[i];
                        green += source[i + 1];
                        blue += source[i + 2];
                    }

                    sums[3 * column] += red;
                    sums[(3 * column) + 1] += green;
                    sums[(3 * column) + 2] += blue;
                }
            }

            for (var column = 0; column < width; column++)
            {
                var area = (end - first) * (Math.Min(part.Width, (column + 1) * factor) - (column * factor));
                for (var i = 3 * column; i < 3 * (column + 1); i++)
                    shrunk[(3 * row * width) + i] = (byte)((sums[i] + (area / 2)) / area);
            }
        }

        return new ColorImage(shrunk, width, height);
    }
}
