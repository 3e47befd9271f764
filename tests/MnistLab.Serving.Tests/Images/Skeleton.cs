namespace MnistLab.Serving.Tests;

/// <summary>
/// Thins strokes to lines that are one pixel wide (T. Y. Zhang, C. Y. Suen, "A fast parallel algorithm for thinning
/// digital patterns", 1984).
/// </summary>
internal static class Skeleton
{
    public static bool[] Of(bool[] ink, int side)
    {
        var current = (bool[])ink.Clone();
        for (var changed = true; changed;)
        {
            changed = false;
            foreach (var isFirst in new[] { true, false })
            {
                var remove = Enumerable.Range(0, current.Length).Where(i => current[i] && IsEdge(current, side, i, isFirst)).ToArray();
                foreach (var i in remove) current[i] = false;
                changed |= remove.Length > 0;
            }
        }

        return current;
    }

    private static bool IsEdge(bool[] ink, int side, int pixel, bool isFirst)
    {
        var (x, y) = (pixel % side, pixel / side);
        if (x == 0 || y == 0 || x == side - 1 || y == side - 1) return false;
        // The eight neighbors, clockwise from above.
        bool[] ring = [ink[pixel - side],
            ink[pixel - side + 1],
            ink[pixel + 1],
            ink[pixel + side + 1],
            ink[pixel + side],
            ink[pixel + side - 1],
            ink[pixel - 1],
            ink[pixel - side - 1]];
        var count = ring.Count(isInk => isInk);
        var changes = Enumerable.Range(0, 8).Count(i => !ring[i] && ring[(i + 1) % 8]);
        if (count is < 2 or > 6 || changes != 1) return false;
        return isFirst
            ? !(ring[0] && ring[2] && ring[4]) && !(ring[2] && ring[4] && ring[6])
            : !(ring[0] && ring[2] && ring[6]) && !(ring[0] && ring[4] && ring[6]);
    }
}
