namespace MnistLab.Data;

/// <summary>
/// MNIST's own procedure (Y. LeCun, C. Cortes, C. Burges, "The MNIST database of handwritten digits"): fit the ink into a box of 20 × 20 pixels without changing
/// its proportions, then move its centre of mass to the centre of 28 × 28.
/// </summary>
internal static class InkNormalizer
{
    private const int Box = 20;
    private const int LeastContrast = 24;
    private const int InkShare = 8;

    /// <returns>784 pixels, 0 for the background to 255 for full ink.</returns>
    /// <exception cref="DigitImageException">There is no ink.</exception>
    public static byte[] Normalize(GreyPicture picture)
    {
        var ink = Ink(picture);
        var (left, top, right, bottom) = BoundsOf(ink, picture.Width);
        var (width, height) = (right - left, bottom - top);
        var scale = (double)Box / Math.Max(width, height);
        var (boxWidth, boxHeight) = (Math.Max(1, (int)Math.Round(width * scale)), Math.Max(1, (int)Math.Round(height * scale)));
        var box = BicubicScaling.Scale(Crop(ink, picture.Width, left, top, width, height), width, height, boxWidth, boxHeight);

        var (x, y) = CentreOfMass(box, boxWidth);
        return Place(box, boxWidth, boxHeight, Offset(x, boxWidth), Offset(y, boxHeight));
    }

    /// <summary>How much ink is at each pixel, 0 to 255, with the noise of the paper taken off.</summary>
    private static float[] Ink(GreyPicture picture)
    {
        var sign = picture.IsDarkOnLight ? -1 : 1;
        var differences = Array.ConvertAll(picture.Values, value => sign * (value - picture.Background));
        var most = differences.Max();
        if (most - picture.Noise < LeastContrast) throw new DigitImageException("The picture is blank: no digit stands out from its background. Write one with a dark pen on light paper, or light on dark.");
        var noise = picture.Noise;
        return Array.ConvertAll(differences, difference => Math.Max(0, difference - noise) * 255f / (most - noise));
    }

    private static (int Left, int Top, int Right, int Bottom) BoundsOf(float[] ink, int stride)
    {
        var (left, top, right, bottom) = (int.MaxValue, int.MaxValue, 0, 0);
        for (var i = 0; i < ink.Length; i++)
        {
            if (ink[i] < 255f / InkShare) continue;
            var (x, y) = (i % stride, i / stride);
            (left, top, right, bottom) = (Math.Min(left, x), Math.Min(top, y), Math.Max(right, x + 1), Math.Max(bottom, y + 1));
        }

        return (left, top, right, bottom);
    }

    private static float[] Crop(float[] ink, int stride, int left, int top, int width, int height)
    {
        var crop = new float[width * height];
        for (var row = 0; row < height; row++) Array.Copy(ink, ((top + row) * stride) + left, crop, row * width, width);
        return crop;
    }

    private static (double X, double Y) CentreOfMass(float[] ink, int width)
    {
        double mass = 0, x = 0, y = 0;
        for (var i = 0; i < ink.Length; i++)
        {
            mass += ink[i];
            x += ink[i] * ((i % width) + 0.5);
            y += ink[i] * ((i / width) + 0.5);
        }

        return (x / mass, y / mass);
    }

    private static int Offset(double centre, int size) => Math.Clamp((int)Math.Round((DigitImage.Side / 2) - centre), 0, DigitImage.Side - size);

    private static byte[] Place(float[] box, int width, int height, int left, int top)
    {
        var pixels = new byte[DigitImage.Side * DigitImage.Side];
        for (var row = 0; row < height; row++)
        {
            for (var column = 0; column < width; column++)
                pixels[((top + row) * DigitImage.Side) + left + column] = (byte)Math.Clamp(MathF.Round(box[(row * width) + column]), 0, 255);
        }

        return pixels;
    }
}
