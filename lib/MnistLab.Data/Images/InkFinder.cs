namespace MnistLab.Data.Images;

/// <summary>
/// Finds the digit in an image: dark on light, light on dark, or of a different color than its background.
/// </summary>
internal static class InkFinder
{
    /// <summary>The maximum length of the longer side of the image in which the digit is searched.</summary>
    private const int SearchSize = 192;

    /// <summary>
    /// The minimum length of the longer side of the digit when it is read, if the image has enough pixels.
    /// </summary>
    private const int DigitSize = 128;

    /// <summary>The maximum width of a stroke, as a share of the longer side of the image.</summary>
    private const double WindowShare = 0.25;

    /// <summary>The minimum share of paper, and of ink, in an image that a digit fills.</summary>
    private const double MinShare = 0.05;

    /// <summary>
    /// The aspect ratio from which an image that a digit fills can only contain a 1.
    /// </summary>
    private const double Narrow = 2.3;

    private const double StrokeShare = 0.9;

    /// <exception cref="DigitImageException">
    /// Nothing stands out from the paper, or nothing that could be a digit.
    /// </exception>
    public static Ink Find(ColorImage image)
    {
        var whole = new PixelBox(0, 0, image.Width, image.Height);
        var factor = (whole.Size + SearchSize - 1) / SearchSize;
        var small = image.Shrink(whole, factor);
        var axis = ColorAxis.Find(small);
        var levels = axis.Project(small);
        var inverse = Array.ConvertAll(levels, level => (byte)(255 - level));
        var (layer, isInverse) = Choose(levels, inverse, small.Width, axis.IsBrightness);
        if (layer.Digit is null) throw Blank();
        return Read(image, layer, small, factor, axis, isInverse);
    }

    /// <summary>Decides what is paper and what is ink, trying the most reliable criteria first.</summary>
    private static (InkLayer Layer, bool IsInverse) Choose(byte[] levels, byte[] inverse, int width, bool isBrightness)
    {
        if (EvenPaper(levels, width) is { } paper)
        {
            var darker = InkLayer.FindOnSheet(levels, width, paper);
            var lighter = InkLayer.FindOnSheet(inverse, width, (byte)(255 - paper));
            var isPlain = !darker.HasFrame && !lighter.HasFrame && darker.RuleCount + lighter.RuleCount == 0;
            if (isPlain && darker.Mass + lighter.Mass > 0)
                return darker.Mass > lighter.Mass ? (darker, false) : (lighter, true);
        }

        var height = levels.Length / width;
        var (darkest, lightest) = (Histogram.Quantile(levels, MinShare), Histogram.Quantile(levels, 1 - MinShare));
        var isDarkOnLight = IsDarkOnLight(levels, width, (darkest + lightest) / 2);
        var filling = isDarkOnLight
            ? InkLayer.FindFilling(levels, width, lightest)
            : InkLayer.FindFilling(inverse, width, (byte)(255 - darkest));
        var isStroke = IsNarrow(width, height) && filling.Digit?.Size >= StrokeShare * Math.Max(width, height);
        if (filling.IsCrop || isStroke) return (filling, !isDarkOnLight);
        var window = Math.Max(3, (int)(WindowShare * Math.Max(width, height)));
        var dark = InkLayer.FindInside(levels, width, window, isBrightness);
        var light = InkLayer.FindInside(inverse, width, window, isBrightness: false);
        if (dark.Digit is not null && light.Digit is not null)
            return IsFirstDigit(dark, light) ? (dark, false) : (light, true);
        if (dark.Digit is not null && !IsPaper(dark, light)) return (dark, false);
        if (light.Digit is not null && !IsPaper(light, dark)) return (light, true);
        if (filling.RuleCount <= 1) return (filling, !isDarkOnLight);
        throw new DigitImageException(
            "No digit stands clear of the lines that cross the image. "
            + "Write it on plain paper, or crop the image to the digit.");
    }

    private static bool IsNarrow(int width, int height) => Math.Max(width, height) >= Narrow * Math.Min(width, height);

    /// <summary>
    /// Decides which of two layers is the ink. In the other one, the paper within and between strokes may look like
    /// ink.
    /// </summary>
    private static bool IsFirstDigit(InkLayer first, InkLayer second)
    {
        var (one, other) = (first.Digit!.Value, second.Digit!.Value);
        var hasRules = first.RuleCount > 1 || second.RuleCount > 1;
        // Between ruled lines, the paper forms bands that cross the image.
        if (hasRules && first.DigitSpansImage != second.DigitSpansImage) return second.DigitSpansImage;
        if (one.Contains(other) != other.Contains(one)) return one.Contains(other);
        if (hasRules && first.DigitTouchesEdge != second.DigitTouchesEdge) return second.DigitTouchesEdge;
        return first.Mass >= second.Mass;
    }

    /// <summary>
    /// Returns whether a layer's digit is in fact the paper between ruled lines, or within a digit that reaches the
    /// edges of the image.
    /// </summary>
    private static bool IsPaper(InkLayer layer, InkLayer other)
    {
        if (layer.DigitSpansImage && other.RuleCount > 1) return true;
        return layer.RuleCount == 0 && other.Parts.Any(part =>
            !part.IsFrame && part.EdgePixels > 0 && !part.FollowsEdge && part.Box.Contains(layer.Digit!.Value));
    }

    /// <summary>Returns the level of most pixels along the edges of the image; null if too many differ.</summary>
    private static byte? EvenPaper(byte[] levels, int width)
    {
        const int Tolerance = 14;
        const double EvenShare = 0.65;
        var edge = Edge(levels, width);
        Array.Sort(edge);
        var median = edge[edge.Length / 2];
        return edge.Count(level => Math.Abs(level - median) <= Tolerance) >= EvenShare * edge.Length ? median : null;
    }

    private static byte[] Edge(byte[] levels, int width)
    {
        var height = levels.Length / width;
        var edge = new byte[2 * (width + height)];
        levels.AsSpan(0, width).CopyTo(edge);
        levels.AsSpan(levels.Length - width).CopyTo(edge.AsSpan(width));
        for (var y = 0; y < height; y++)
        {
            edge[(2 * width) + (2 * y)] = levels[y * width];
            edge[(2 * width) + (2 * y) + 1] = levels[(y * width) + width - 1];
        }

        return edge;
    }

    /// <summary>Decides which level is ink if a digit fills the image.</summary>
    private static bool IsDarkOnLight(byte[] levels, int width, int middle)
    {
        var height = levels.Length / width;
        var edge = Edge(levels, width);
        if (!IsNarrow(width, height)) return 2 * edge.Count(level => level < middle) < edge.Length;
        // In an image this narrow, the digit is a 1, which passes through the center and may fill the edges.
        double center = 0;
        var count = 0;
        for (var y = height / 3; y < height - (height / 3); y++)
        {
            for (var x = width / 3; x < width - (width / 3); x++, count++) center += levels[(y * width) + x];
        }

        return center / count < edge.Average(level => (double)level);
    }

    /// <summary>Reads the amount of ink at each pixel of the digit, at the useful resolution.</summary>
    private static Ink Read(
        ColorImage image, InkLayer layer, ColorImage small, int factor, ColorAxis axis, bool isInverse)
    {
        const int Margin = 4;
        const int Fringe = 2;
        const double QuietShare = 0.9;
        var digit = layer.Digit!.Value;
        var box = digit.Inflate(Margin, small.Width, small.Height);
        var part = new PixelBox(
            box.Left * factor,
            box.Top * factor,
            Math.Min(image.Width, box.Right * factor),
            Math.Min(image.Height, box.Bottom * factor));
        var detail = Math.Max(1, digit.Size * factor / DigitSize);
        var read = image.Shrink(part, detail);
        var levels = axis.Project(read);
        var mask = layer.DigitMask(Fringe);
        var (values, noise, noiseCount) = (new byte[levels.Length], new byte[levels.Length], 0);
        var isBrightness = axis.IsBrightness && !isInverse;
        for (var i = 0; i < values.Length; i++)
        {
            // The pixel of the small image in which this pixel's center lies.
            var column = box.Left + (((2 * (i % read.Width)) + 1) * detail / (2 * factor));
            var row = box.Top + (((2 * (i / read.Width)) + 1) * detail / (2 * factor));
            var pixel = (Math.Min(small.Height - 1, row) * small.Width) + Math.Min(small.Width - 1, column);
            var level = isInverse ? 255 - levels[i] : levels[i];
            var contrast = InkLayer.Contrast(level, layer.Paper[pixel], isBrightness);
            if (mask[pixel]) values[i] = contrast;
            else if (contrast < layer.Threshold) noise[noiseCount++] = contrast;
        }

        var floor = noiseCount == 0 ? 0 : Histogram.Quantile(noise.AsSpan(0, noiseCount), QuietShare);
        var range = Histogram.Quantile(values, 1) - floor;
        if (range < InkLayer.MinContrast) throw Blank();
        var ink = Array.ConvertAll(values, value => Math.Clamp((value - floor) * 255f / range, 0, 255));
        return new Ink(ink, read.Width, read.Height);
    }

    private static DigitImageException Blank() => new(
        "The image is blank: no digit stands out from its background. "
        + "Write one with a dark pen on light paper, or light on dark.");
}
