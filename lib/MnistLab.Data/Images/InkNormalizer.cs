namespace MnistLab.Data.Images;

/// <summary>
/// Normalizes a digit as MNIST was (Y. LeCun, C. Cortes, C. Burges, "The MNIST database of handwritten digits"): the
/// ink is scaled to fit a box of 20 × 20 pixels without changing its proportions, then its center of mass is moved to
/// the center of 28 × 28. Strokes that would be thinner or thicker than nearly all of the dataset's are corrected
/// first.
/// </summary>
internal static class InkNormalizer
{
    private const int Box = 20;

    // The centers of mass of the dataset's digits lie between 14 and 15, so that of a symmetric digit lies exactly on
    // the limit; the tolerance absorbs rounding errors below it.
    private const double Centre = 14;
    private const double Tolerance = 0.05;

    /// <returns>784 pixels, 0 for the background to 255 for full ink.</returns>
    public static byte[] Normalize(Ink ink)
    {
        var digit = DigitBounds.Crop(ink);
        if (StrokeWidth.Correct(digit, (double)Box / Math.Max(digit.Width, digit.Height)) is { } corrected)
            digit = DigitBounds.Crop(corrected);
        var scale = (double)Box / Math.Max(digit.Width, digit.Height);
        var (boxWidth, boxHeight) = (Math.Max(1, (int)Math.Round(digit.Width * scale)), Math.Max(1, (int)Math.Round(digit.Height * scale)));
        var box = BicubicScaling.Scale(digit.Values, digit.Width, digit.Height, boxWidth, boxHeight);
        var (x, y) = CentreOfMass(box, boxWidth);
        return Place(box, boxWidth, boxHeight, Offset(x, boxWidth), Offset(y, boxHeight));
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

    private static int Offset(double centre, int size) =>
        Math.Clamp((int)Math.Ceiling(Centre - Tolerance - centre), 0, DigitImage.Side - size);

    private static byte[] Place(float[] box, int width, int height, int left, int top)
    {
        var pixels = new byte[DigitImage.Side * DigitImage.Side];
        // Downscaling makes thin strokes fainter, whereas every digit of the dataset has some full ink.
        var gain = Math.Max(1, 255 / box.Max());
        for (var row = 0; row < height; row++)
        {
            for (var column = 0; column < width; column++)
                pixels[((top + row) * DigitImage.Side) + left + column] = (byte)Math.Clamp(
                    MathF.Round(gain * box[(row * width) + column]), 0, 255);
        }

        return pixels;
    }
}
