namespace MnistLab.Data;

/// <summary>Finds the digit on the sheet: specks of dust and of noise are not part of it.</summary>
internal static class DigitBounds
{
    private const float LeastInk = 255f / 6;
    private const double SpeckShare = 0.02;

    /// <summary>The part of the sheet that holds the digit, without the specks.</summary>
    public static Ink Crop(Ink ink)
    {
        var parts = Parts(ink, out var partOf);
        // Of the largest part: where there is nothing but specks, they are what there is.
        var least = SpeckShare * parts.Max(part => part.Mass);
        var (left, top, right, bottom) = (int.MaxValue, int.MaxValue, 0, 0);
        foreach (var part in parts.Where(part => part.Mass >= least))
            (left, top, right, bottom) = (Math.Min(left, part.Left), Math.Min(top, part.Top), Math.Max(right, part.Right), Math.Max(bottom, part.Bottom));

        var crop = new float[(right - left) * (bottom - top)];
        for (var i = 0; i < crop.Length; i++)
        {
            var source = ((top + (i / (right - left))) * ink.Width) + left + (i % (right - left));
            var part = partOf[source];
            crop[i] = part > 0 && parts[part - 1].Mass < least ? 0 : ink.Values[source];
        }

        return new Ink(crop, right - left, bottom - top);
    }

    /// <summary>The connected parts of the ink, numbered from 1 in <paramref name="partOf"/>.</summary>
    private static List<Part> Parts(Ink ink, out int[] partOf)
    {
        partOf = new int[ink.Values.Length];
        var parts = new List<Part>();
        var open = new Stack<int>();
        for (var start = 0; start < partOf.Length; start++)
        {
            if (partOf[start] != 0 || ink.Values[start] < LeastInk) continue;
            var part = new Part();
            parts.Add(part);
            partOf[start] = parts.Count;
            open.Push(start);
            while (open.TryPop(out var pixel))
            {
                var (x, y) = (pixel % ink.Width, pixel / ink.Width);
                part.Add(x, y, ink.Values[pixel]);
                for (var row = Math.Max(0, y - 1); row <= Math.Min(ink.Height - 1, y + 1); row++)
                {
                    for (var column = Math.Max(0, x - 1); column <= Math.Min(ink.Width - 1, x + 1); column++)
                    {
                        var next = (row * ink.Width) + column;
                        if (partOf[next] != 0 || ink.Values[next] < LeastInk) continue;
                        partOf[next] = parts.Count;
                        open.Push(next);
                    }
                }
            }
        }

        return parts;
    }

    private sealed class Part
    {
        public int Left { get; private set; } = int.MaxValue;

        public int Top { get; private set; } = int.MaxValue;

        public int Right { get; private set; }

        public int Bottom { get; private set; }

        public double Mass { get; private set; }

        public void Add(int x, int y, float ink)
        {
            (Left, Top, Right, Bottom) = (Math.Min(Left, x), Math.Min(Top, y), Math.Max(Right, x + 1), Math.Max(Bottom, y + 1));
            Mass += ink;
        }
    }
}
