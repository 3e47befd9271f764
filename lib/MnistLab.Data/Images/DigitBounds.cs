namespace MnistLab.Data.Images;

/// <summary>Crops ink to the digit, without specks of dust and noise.</summary>
internal static class DigitBounds
{
    private const int Threshold = 43;
    private const double SpeckShare = 0.02;

    /// <summary>Returns the part that contains the digit, with the specks removed.</summary>
    public static Ink Crop(Ink ink)
    {
        var levels = Array.ConvertAll(ink.Values, value => (byte)value);
        var parts = InkPart.Find(levels, ink.Width, Threshold, out var partOf);
        // The threshold is relative to the largest part: if there are only specks, they are the digit.
        var least = SpeckShare * parts.Max(part => part.Mass);
        var boxes = parts.Where(part => part.Mass >= least).Select(part => part.Box);
        var box = boxes.Aggregate((one, other) => one.Union(other));
        var crop = new float[box.Width * box.Height];
        for (var i = 0; i < crop.Length; i++)
        {
            var source = ((box.Top + (i / box.Width)) * ink.Width) + box.Left + (i % box.Width);
            crop[i] = partOf[source] > 0 && parts[partOf[source] - 1].Mass < least ? 0 : ink.Values[source];
        }

        return new Ink(crop, box.Width, box.Height);
    }
}
