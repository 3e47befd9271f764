namespace MnistLab.Data.Images;

/// <summary>Represents a connected part of an image that may be ink.</summary>
internal sealed class InkPart
{
    private const double FollowedShare = 0.85;

    /// <summary>The number of edge pixels of the image that belong to the part: left, top, right, bottom.</summary>
    private readonly int[] _contacts = new int[4];

    public PixelBox Box { get; private set; } = new(int.MaxValue, int.MaxValue, 0, 0);

    /// <summary>Gets the sum of the contrasts of the part's pixels.</summary>
    public double Mass { get; private set; }

    /// <summary>Gets the number of the part's pixels.</summary>
    public int Pixels { get; private set; }

    /// <summary>
    /// Gets whether the outline is a large rectangle, such as that of a frame or of a sheet of paper on a desk.
    /// </summary>
    public bool IsFrame { get; private set; }

    /// <summary>Gets whether the part covers less than half of its bounding box.</summary>
    public bool IsHollow => 2 * Pixels < Box.Width * Box.Height;

    /// <summary>Gets the number of the part's pixels on the edges of the image; a corner counts twice.</summary>
    public int EdgePixels => _contacts.Sum();

    /// <summary>
    /// Gets whether it runs along an edge of the image, as a desk beside the paper does, instead of merely ending
    /// there.
    /// </summary>
    public bool FollowsEdge => IsLong(Math.Max(_contacts[0], _contacts[2]), Box.Height)
        || IsLong(Math.Max(_contacts[1], _contacts[3]), Box.Width);

    /// <summary>Gets whether the part reaches two opposite edges of the image, as ruled lines do.</summary>
    public bool SpansImage =>
        (_contacts[0] > 0 && _contacts[2] > 0) || (_contacts[1] > 0 && _contacts[3] > 0);

    /// <summary>Returns the maximum share of an edge of the image that the part covers.</summary>
    public double LargestContact(int width, int height) => Math.Max(
        Math.Max(_contacts[0], _contacts[2]) / (double)height, Math.Max(_contacts[1], _contacts[3]) / (double)width);

    /// <summary>Returns the number of edges of the image that the part covers almost completely.</summary>
    public int FollowedEdges(int width, int height)
    {
        return (_contacts[0] >= FollowedShare * height ? 1 : 0) + (_contacts[1] >= FollowedShare * width ? 1 : 0)
            + (_contacts[2] >= FollowedShare * height ? 1 : 0) + (_contacts[3] >= FollowedShare * width ? 1 : 0);
    }

    /// <summary>Finds the 8-connected parts of all pixels whose contrast is at least the threshold.</summary>
    /// <param name="contrasts">The contrasts, row after row.</param>
    /// <param name="width">The number of pixels per row.</param>
    /// <param name="threshold">The threshold, at least 1.</param>
    /// <param name="partOf">For each pixel, the number of the part that it belongs to, from 1; 0 for none.</param>
    public static List<InkPart> Find(byte[] contrasts, int width, int threshold, out int[] partOf)
    {
        var height = contrasts.Length / width;
        partOf = new int[contrasts.Length];
        var parts = new List<InkPart>();
        var open = new Stack<int>();
        for (var start = 0; start < contrasts.Length; start++)
        {
            if (partOf[start] != 0 || contrasts[start] < threshold) continue;
            var part = new InkPart();
            parts.Add(part);
            partOf[start] = parts.Count;
            open.Push(start);
            while (open.TryPop(out var pixel))
            {
                var (x, y) = (pixel % width, pixel / width);
                part.Add(x, y, width, height, contrasts[pixel]);
                for (var row = Math.Max(0, y - 1); row <= Math.Min(height - 1, y + 1); row++)
                {
                    for (var column = Math.Max(0, x - 1); column <= Math.Min(width - 1, x + 1); column++)
                    {
                        var next = (row * width) + column;
                        if (partOf[next] != 0 || contrasts[next] < threshold) continue;
                        partOf[next] = parts.Count;
                        open.Push(next);
                    }
                }
            }
        }

        return parts;
    }

    /// <summary>
    /// Determines <see cref="IsFrame"/>: whether there is ink along all four sides of the bounding box.
    /// </summary>
    /// <param name="partOf">For each pixel, row after row, the number of the part that it belongs to.</param>
    /// <param name="number">The number of this part.</param>
    /// <param name="width">The number of pixels per row.</param>
    /// <param name="height">The number of rows.</param>
    public void LookForFrame(int[] partOf, int number, int width, int height)
    {
        const double MinFrame = 0.4;
        const int MinPixels = 8;
        const double Depth = 0.12;
        const double MinCovered = 0.8;
        if (Box.Width < MinFrame * width || Box.Height < MinFrame * height) return;
        if (Math.Min(Box.Width, Box.Height) < MinPixels) return;
        var (deepX, deepY) = ((int)Math.Ceiling(Depth * Box.Width), (int)Math.Ceiling(Depth * Box.Height));
        int left = 0, top = 0, right = 0, bottom = 0;
        for (var y = Box.Top; y < Box.Bottom; y++)
        {
            var row = partOf.AsSpan(y * width, width);
            if (row.Slice(Box.Left, deepX).Contains(number)) left++;
            if (row.Slice(Box.Right - deepX, deepX).Contains(number)) right++;
        }

        for (var x = Box.Left; x < Box.Right; x++)
        {
            if (HasInk(x, Box.Top, Box.Top + deepY)) top++;
            if (HasInk(x, Box.Bottom - deepY, Box.Bottom)) bottom++;
        }

        IsFrame = Math.Min(left, right) >= MinCovered * Box.Height && Math.Min(top, bottom) >= MinCovered * Box.Width;

        bool HasInk(int x, int first, int end)
        {
            for (var y = first; y < end; y++)
            {
                if (partOf[(y * width) + x] == number) return true;
            }

            return false;
        }
    }

    private static bool IsLong(int contact, int extent) => contact > 2 && contact > FollowedShare * extent;

    private void Add(int x, int y, int width, int height, byte contrast)
    {
        Box = Box.Union(new PixelBox(x, y, x + 1, y + 1));
        Mass += contrast;
        Pixels++;
        if (x == 0) _contacts[0]++;
        if (y == 0) _contacts[1]++;
        if (x == width - 1) _contacts[2]++;
        if (y == height - 1) _contacts[3]++;
    }
}
