namespace MnistLab.Data.Images;

/// <summary>
/// Recognizes 28 × 28 gray values that are already in MNIST's format: light on black, with the longer side of the
/// bounding box of the ink 20 pixels long, and the center of mass in the middle.
/// </summary>
internal static class MnistForm
{
    // JPEG compression turns some of the black into dark gray.
    private const int DarkestInk = 17;

    // All of MNIST is within 0.7 of 14.3 and has 19 or 20 pixels; the bundled sample, which was rescaled, is within 0.8
    // and has 19 to 22.
    private const double Center = 14.3;
    private const double Tolerance = 1.1;
    private const int MinSide = 17;
    private const int MaxSide = 23;

    /// <summary>Returns whether 784 gray values, row after row, are in that format.</summary>
    public static bool Matches(ReadOnlySpan<byte> gray)
    {
        const int Side = DigitImage.Side;
        long mass = 0, momentX = 0, momentY = 0;
        var (left, right, top, bottom, edge) = (Side, 0, Side, 0, 0);
        for (var y = 0; y < Side; y++)
        {
            int rowMass = 0, first = Side, last = 0;
            for (var x = 0; x < Side; x++)
            {
                var value = gray[(y * Side) + x];
                if (value < DarkestInk) continue;
                rowMass += value;
                momentX += value * ((2 * x) + 1);
                first = Math.Min(first, x);
                last = x + 1;
                if (x is 0 or Side - 1 || y is 0 or Side - 1) edge++;
            }

            if (rowMass == 0) continue;
            mass += rowMass;
            momentY += rowMass * ((2 * y) + 1);
            (left, right, top, bottom) = (Math.Min(left, first), Math.Max(right, last), Math.Min(top, y), y + 1);
        }

        // Dark on light, there is "ink" all along the edge.
        if (mass == 0 || edge > 2 * Side) return false;
        return Math.Max(right - left, bottom - top) is >= MinSide and <= MaxSide
            && Math.Abs((momentX / (2.0 * mass)) - Center) <= Tolerance
            && Math.Abs((momentY / (2.0 * mass)) - Center) <= Tolerance;
    }
}
