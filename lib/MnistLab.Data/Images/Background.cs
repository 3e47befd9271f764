namespace MnistLab.Data.Images;

/// <summary>
/// Estimates the level of the paper under dark ink, separately at each pixel, so that uneven light and even hard
/// shadows do not matter.
/// </summary>
/// <remarks>
/// The estimate is the lighter one of two closings (J. Serra, "Image Analysis and Mathematical Morphology", 1982). The
/// first removes dark regions that no window fits into, but keeps the edges of larger dark regions. The second removes
/// dark regions of any size that lighter pixels surround. Both run in time proportional to the number of pixels.
/// </remarks>
internal static class Background
{
    /// <summary>Returns the level of the paper at each pixel.</summary>
    /// <param name="levels">Levels in [0, 255], row after row; the ink is darker than the paper around it.</param>
    /// <param name="width">Pixels per row.</param>
    /// <param name="height">Number of rows.</param>
    /// <param name="window">The width of the window in pixels; strokes must be thinner.</param>
    public static byte[] Estimate(byte[] levels, int width, int height, int window)
    {
        var paper = Close(levels, width, height, window);
        var filled = Fill(levels, width, height);
        for (var i = 0; i < paper.Length; i++) paper[i] = Math.Max(paper[i], filled[i]);
        return paper;
    }

    private static byte[] Close(byte[] levels, int width, int height, int window)
    {
        var closed = (byte[])levels.Clone();
        var radius = window / 2;
        var lines = new byte[3 * (Math.Max(width, height) + (4 * radius) + 2)];
        for (var pass = 0; pass < 4; pass++)
        {
            var isRow = pass % 2 == 0;
            // The minimum is the maximum of the complement. Windows are clipped at the edges of the image.
            var mask = pass < 2 ? (byte)0 : (byte)255;
            var (count, length, step, next) = isRow ? (height, width, 1, width) : (width, height, width, 1);
            for (var line = 0; line < count; line++) Maximum(closed, line * next, step, length, radius, mask, lines);
        }

        return closed;
    }

    /// <summary>
    /// Replaces each element of a line by the maximum of the 2 · radius + 1 elements around it (M. van Herk, "A fast
    /// algorithm for local minimum and maximum filters on rectangular and octagonal kernels", 1992).
    /// </summary>
    private static void Maximum(byte[] values, int start, int step, int length, int radius, byte mask, byte[] lines)
    {
        var window = (2 * radius) + 1;
        var padded = length + (2 * radius);
        var line = lines.AsSpan(0, padded);
        var forward = lines.AsSpan(padded, padded);
        var backward = lines.AsSpan(2 * padded, padded);
        line[..radius].Clear();
        line[(radius + length)..].Clear();
        for (var i = 0; i < length; i++) line[radius + i] = (byte)(values[start + (i * step)] ^ mask);
        byte running = 0;
        for (int i = 0, phase = 0; i < padded; i++)
        {
            forward[i] = running = phase == 0 ? line[i] : Math.Max(running, line[i]);
            if (++phase == window) phase = 0;
        }

        for (int i = padded - 1, phase = padded % window; i >= 0; i--, phase--)
        {
            backward[i] = running = i == padded - 1 || phase == 0 ? line[i] : Math.Max(running, line[i]);
            if (phase == 0) phase = window;
        }

        for (int i = 0, target = start; i < length; i++, target += step)
            values[target] = (byte)(Math.Max(backward[i], forward[i + window - 1]) ^ mask);
    }

    /// <summary>
    /// Fills dark basins: returns for each pixel the minimum, over all paths to the edge of the image, of the lightest
    /// level on the path.
    /// </summary>
    private static byte[] Fill(byte[] levels, int width, int height)
    {
        // A priority queue with one stack of pixels for each level: the next pixel is the darkest one reached so far.
        var filled = new byte[levels.Length];
        var below = new int[levels.Length];
        Array.Fill(below, -2);
        Span<int> top = stackalloc int[256];
        top.Fill(-1);
        for (var x = 0; x < width; x++)
        {
            Push(x, 0, top);
            Push(((height - 1) * width) + x, 0, top);
        }

        for (var y = 0; y < height; y++)
        {
            Push(y * width, 0, top);
            Push((y * width) + width - 1, 0, top);
        }

        for (var level = 0; level < 256; level++)
        {
            while (top[level] >= 0)
            {
                var pixel = top[level];
                top[level] = below[pixel];
                var x = pixel % width;
                if (x > 0) Push(pixel - 1, level, top);
                if (x < width - 1) Push(pixel + 1, level, top);
                if (pixel >= width) Push(pixel - width, level, top);
                if (pixel < levels.Length - width) Push(pixel + width, level, top);
            }
        }

        return filled;

        void Push(int pixel, int level, Span<int> stacks)
        {
            if (below[pixel] != -2) return;
            var reached = Math.Max(level, levels[pixel]);
            filled[pixel] = (byte)reached;
            below[pixel] = stacks[reached];
            stacks[reached] = pixel;
        }
    }
}
