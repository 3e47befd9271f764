namespace MnistLab.Data.Images;

/// <summary>
/// Corrects strokes that are thinner or thicker than nearly all of the dataset's: hairlines would vanish in
/// downscaling, and a marker's strokes would fill the holes.
/// </summary>
internal static class StrokeWidth
{
    // In pixels of the dataset. Strokes between the limits stay unchanged; beyond them, they get the given width.
    private const double Thin = 1.2;
    private const double ThinBecomes = 2;
    private const double Thick = 5.6;
    private const double ThickBecomes = 4.5;
    private const double MaxReduction = 0.35;
    private const float Half = 127.5f;

    /// <returns>
    /// The ink with the corrected strokes, enlarged to make room for them; null if no correction is needed.
    /// </returns>
    public static Ink? Correct(Ink ink, double scale)
    {
        var width = Measure(ink);
        var target = width * scale;
        if (target is >= Thin and <= Thick) return null;
        var wanted = (target < Thin ? ThinBecomes : ThickBecomes) / scale;
        var change = Math.Max((wanted - width) / 2, -MaxReduction * width);
        // A change of less than half a pixel of the source per edge is too small to be made accurately.
        if (Math.Abs(change) < 0.5) return null;
        var changed = Change(ink, change);
        // If the stroke widths vary so much that nothing would remain, keep them.
        return changed.Values.Max() < Half ? null : changed;
    }

    /// <summary>
    /// Returns the mean stroke width in pixels of the image: twice the area of the strokes divided by the length of
    /// their edges.
    /// </summary>
    private static double Measure(Ink ink)
    {
        double area = 0;
        long edges = 0;
        for (var i = 0; i < ink.Values.Length; i++)
        {
            area += ink.Values[i] / 255;
            var isInk = ink.Values[i] > Half;
            if (isInk && i % ink.Width == 0) edges++;
            if (isInk && i < ink.Width) edges++;
            if (isInk != (i % ink.Width < ink.Width - 1 && ink.Values[i + 1] > Half)) edges++;
            if (isInk != (i < ink.Values.Length - ink.Width && ink.Values[i + ink.Width] > Half)) edges++;
        }

        // Edges are counted along rows and columns; on average over all directions, 4/π of them are counted per pixel
        // of length.
        return edges == 0 ? 1 : 2 * area / (edges * Math.PI / 4);
    }

    /// <summary>
    /// Moves the edges of the strokes outward by a number of pixels, or inward if it is negative.
    /// </summary>
    private static Ink Change(Ink ink, double change)
    {
        var margin = change > 0 ? (int)Math.Ceiling(change) + 1 : 1;
        var (width, height) = (ink.Width + (2 * margin), ink.Height + (2 * margin));
        var isInk = new bool[width * height];
        for (var i = 0; i < ink.Values.Length; i++)
            isInk[((margin + (i / ink.Width)) * width) + margin + (i % ink.Width)] = ink.Values[i] > Half;

        var distances = DistanceField.Compute(isInk, width, height, of: change > 0);
        var values = new float[isInk.Length];
        for (var i = 0; i < values.Length; i++)
        {
            // Distances are to the center of the nearest pixel beyond the edge, which lies half a pixel before it.
            var inside = change > 0 ? change - (distances[i] - 0.5) : distances[i] - 0.5 + change;
            values[i] = (float)Math.Clamp((inside + 0.5) * 255, 0, 255);
        }

        return new Ink(values, width, height);
    }
}
