namespace MnistLab.Data;

/// <summary>
/// How much ink is at each pixel of a picture. Ink is whatever differs from the paper in the direction in which most of the picture's contrast lies:
/// dark on light or light on dark, red on green or pencil on grey.
/// </summary>
/// <param name="Values">0 for paper to 255 for full ink, row after row.</param>
/// <param name="Width">Pixels in a row.</param>
/// <param name="Height">Rows.</param>
internal sealed record Ink(float[] Values, int Width, int Height)
{
    private const float LeastContrast = 24;

    /// <summary>A tenth of the border may be strokes that leave the picture; the rest is paper, and what differs there is noise.</summary>
    private const double PaperShare = 0.9;

    /// <exception cref="DigitImageException">Nothing stands out from the paper.</exception>
    public static Ink Find(ColourPicture picture)
    {
        var paper = Paper.Of(picture);
        var (red, green, blue) = Direction(picture, paper);
        var values = new float[picture.Width * picture.Height];
        var most = 0f;
        for (var i = 0; i < values.Length; i++)
        {
            var (r, g, b) = paper.Difference(picture, i);
            values[i] = (r * red) + (g * green) + (b * blue);
            most = Math.Max(most, values[i]);
        }

        var border = picture.Border().Select(pixel => Math.Abs(values[pixel])).ToArray();
        Array.Sort(border);
        var noise = border[(int)(border.Length * PaperShare)];
        if (most - noise < LeastContrast) throw new DigitImageException("The picture is blank: no digit stands out from its background. Write one with a dark pen on light paper, or light on dark.");
        for (var i = 0; i < values.Length; i++) values[i] = Math.Clamp((values[i] - noise) * 255f / (most - noise), 0, 255);
        return new Ink(values, picture.Width, picture.Height);
    }

    /// <summary>The direction in colour space, of length 1, from the paper to the ink: the mean of the differences, the large ones counting most.</summary>
    private static (float Red, float Green, float Blue) Direction(ColourPicture picture, Paper paper)
    {
        double red = 0, green = 0, blue = 0;
        for (var i = 0; i < picture.Width * picture.Height; i++)
        {
            var (r, g, b) = paper.Difference(picture, i);
            double weight = (r * r) + (g * g) + (b * b);
            (red, green, blue) = (red + (weight * r), green + (weight * g), blue + (weight * b));
        }

        var length = Math.Sqrt((red * red) + (green * green) + (blue * blue));
        if (length == 0) return (0, 0, 0);
        // Contrast is measured per channel: black on white is 255, not √3 times that.
        var scale = length * Math.Sqrt(3);
        return ((float)(red / scale), (float)(green / scale), (float)(blue / scale));
    }
}
