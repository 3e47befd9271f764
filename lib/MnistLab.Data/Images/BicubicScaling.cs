namespace MnistLab.Data.Images;

/// <summary>
/// Scales gray values with a cubic filter (R. Keys, "Cubic convolution interpolation for digital image processing",
/// 1981, a = −1/2), which is widened for downscaling, so that every pixel of the source counts.
/// </summary>
internal static class BicubicScaling
{
    private const double FilterRadius = 2;

    /// <param name="source">The values, row after row.</param>
    /// <param name="width">The width of the source in pixels.</param>
    /// <param name="height">The height of the source in pixels.</param>
    /// <param name="newWidth">The width of the result in pixels.</param>
    /// <param name="newHeight">The height of the result in pixels.</param>
    /// <returns>The values, row after row; near edges, they may slightly exceed the range of the source.</returns>
    public static float[] Scale(float[] source, int width, int height, int newWidth, int newHeight)
    {
        var rows = new float[newWidth * height];
        ScaleLines(source, 1, width, width, rows, 1, newWidth, newWidth, height);
        var result = new float[newWidth * newHeight];
        ScaleLines(rows, newWidth, 1, height, result, newWidth, 1, newHeight, newWidth);
        return result;
    }

    /// <summary>Scales each line: element i of line k is at <c>i * step + k * lineStep</c>.</summary>
    private static void ScaleLines(
        float[] source,
        int step,
        int lineStep,
        int length,
        float[] target,
        int targetStep,
        int targetLineStep,
        int targetLength,
        int lines)
    {
        var scale = Math.Max(1.0, (double)length / targetLength);
        for (var i = 0; i < targetLength; i++)
        {
            var centre = (i + 0.5) * length / targetLength;
            var first = Math.Max(0, (int)Math.Floor(centre - (FilterRadius * scale)));
            var end = Math.Min(length, (int)Math.Ceiling(centre + (FilterRadius * scale)));
            var weights = new double[end - first];
            for (var j = 0; j < weights.Length; j++) weights[j] = Cubic((first + j + 0.5 - centre) / scale);
            var sum = weights.Sum();
            for (var line = 0; line < lines; line++)
            {
                double value = 0;
                for (var j = 0; j < weights.Length; j++) value += weights[j] * source[((first + j) * step) + (line * lineStep)];
                target[(i * targetStep) + (line * targetLineStep)] = (float)(value / sum);
            }
        }
    }

    private static double Cubic(double x)
    {
        x = Math.Abs(x);
        return x switch
        {
            < 1 => (((1.5 * x) - 2.5) * x * x) + 1,
            < FilterRadius => (((((-0.5 * x) + 2.5) * x) - 4) * x) + 2,
            _ => 0,
        };
    }
}
