namespace MnistLab.Data.Images;

/// <summary>
/// Computes for each pixel the distance to the nearest pixel of a kind (P. Felzenszwalb, D. Huttenlocher, "Distance
/// Transforms of Sampled Functions", 2012).
/// </summary>
internal static class DistanceField
{
    private const double Far = 1e12;

    /// <param name="mask">The pixels, row after row.</param>
    /// <param name="width">The number of pixels per row.</param>
    /// <param name="height">The number of rows.</param>
    /// <param name="of">The kind of pixel to which the distance is measured.</param>
    /// <returns>The distances in pixels.</returns>
    public static double[] Compute(bool[] mask, int width, int height, bool of)
    {
        var squares = Array.ConvertAll(mask, isInk => isInk == of ? 0 : Far);
        var longest = Math.Max(width, height);
        var (line, vertices, bounds) = (new double[longest], new int[longest], new double[longest + 1]);
        for (var x = 0; x < width; x++) Transform(squares, x, width, height, line, vertices, bounds);
        for (var y = 0; y < height; y++) Transform(squares, y * width, 1, width, line, vertices, bounds);
        return Array.ConvertAll(squares, Math.Sqrt);
    }

    /// <summary>Transforms one line: the result is the lower envelope of parabolas, one at each pixel.</summary>
    private static void Transform(double[] squares, int start, int step, int count, double[] line, int[] vertices, double[] bounds)
    {
        for (var i = 0; i < count; i++) line[i] = squares[start + (i * step)];
        var last = 0;
        (vertices[0], bounds[0], bounds[1]) = (0, double.NegativeInfinity, double.PositiveInfinity);
        for (var i = 1; i < count; i++)
        {
            double crossing;
            while ((crossing = (line[i]
                + ((double)i * i) - line[vertices[last]] - ((double)vertices[last] * vertices[last])) / (2.0 * (i - vertices[last]))) <= bounds[last])
                last--;
            last++;
            (vertices[last], bounds[last], bounds[last + 1]) = (i, crossing, double.PositiveInfinity);
        }

        for (var (i, vertex) = (0, 0); i < count; i++)
        {
            while (bounds[vertex + 1] < i) vertex++;
            var distance = i - vertices[vertex];
            squares[start + (i * step)] = ((double)distance * distance) + line[vertices[vertex]];
        }
    }
}
