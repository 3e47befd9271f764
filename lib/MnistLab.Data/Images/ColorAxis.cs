namespace MnistLab.Data.Images;

/// <summary>
/// Represents the direction in color space along which an image has its edges: usually from dark to light, or from red
/// to green if only the hue differs. Gradual changes of the light do not matter, because neighboring pixels hardly
/// differ.
/// </summary>
internal readonly struct ColorAxis
{
    private const int PowerIterations = 24;

    private readonly float _red;
    private readonly float _green;
    private readonly float _blue;

    private ColorAxis(double red, double green, double blue)
    {
        // Contrast is measured per channel: black on white is 255, not √3 times that.
        var scale = Math.Sqrt(3 * ((red * red) + (green * green) + (blue * blue)));
        if (red + green + blue < 0) scale = -scale;
        (_red, _green, _blue) = ((float)(red / scale), (float)(green / scale), (float)(blue / scale));
    }

    /// <summary>Gets whether levels are proportional to the light, that is, no color counts negatively.</summary>
    public bool IsBrightness => Lowest > -0.02f * 255;

    /// <summary>Gets the minimum level of any color on the axis, at most 0.</summary>
    private float Lowest => 255 * (Math.Min(0, _red) + Math.Min(0, _green) + Math.Min(0, _blue));

    /// <summary>
    /// Computes the axis as the first principal component of the differences between neighboring pixels, weighted by
    /// their square, so that large differences dominate.
    /// </summary>
    public static ColorAxis Find(ColorImage image)
    {
        Span<double> sums = stackalloc double[6];
        var (rgb, stride) = (image.Rgb, 3 * image.Width);
        for (var y = 0; y < image.Height; y++)
        {
            for (var i = y * stride; i < (y + 1) * stride; i += 3)
            {
                if (i + 3 < (y + 1) * stride) Add(sums, rgb.AsSpan(i, 3), rgb.AsSpan(i + 3, 3));
                if (y + 1 < image.Height) Add(sums, rgb.AsSpan(i, 3), rgb.AsSpan(i + stride, 3));
            }
        }

        var (red, green, blue) = (1.0, 1.01, 0.99);
        for (var i = 0; i < PowerIterations; i++)
        {
            (red, green, blue) = (
                (sums[0] * red) + (sums[1] * green) + (sums[2] * blue),
                (sums[1] * red) + (sums[3] * green) + (sums[4] * blue),
                (sums[2] * red) + (sums[4] * green) + (sums[5] * blue));
            var length = Math.Sqrt((red * red) + (green * green) + (blue * blue));
            if (length == 0) return new ColorAxis(1, 1, 1);
            (red, green, blue) = (red / length, green / length, blue / length);
        }

        return new ColorAxis(red, green, blue);
    }

    /// <summary>Returns the position of each pixel on the axis, in [0, 255].</summary>
    public byte[] Project(ColorImage image)
    {
        var levels = new byte[image.Width * image.Height];
        var (rgb, offset) = (image.Rgb, 0.5f - Lowest);
        for (var i = 0; i < levels.Length; i++)
        {
            var level = (rgb[3 * i] * _red) + (rgb[(3 * i) + 1] * _green) + (rgb[(3 * i) + 2] * _blue) + offset;
            levels[i] = (byte)Math.Clamp(level, 0, 255);
        }

        return levels;
    }

    private static void Add(Span<double> sums, ReadOnlySpan<byte> one, ReadOnlySpan<byte> other)
    {
        var (red, green, blue) = (one[0] - other[0], one[1] - other[1], one[2] - other[2]);
        var weight = (red * red) + (green * green) + (blue * blue);
        if (weight == 0) return;
        double w = weight;
        sums[0] += w * red * red;
        sums[1] += w * red * green;
        sums[2] += w * red * blue;
        sums[3] += w * green * green;
        sums[4] += w * green * blue;
        sums[5] += w * blue * blue;
    }
}
