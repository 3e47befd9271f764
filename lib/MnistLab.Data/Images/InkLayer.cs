namespace MnistLab.Data.Images;

/// <summary>
/// Represents everything that stands out from the paper if the ink is darker, and which parts of it form the digit.
/// </summary>
/// <remarks>
/// A digit lies within the image. Parts that follow an edge of the image (the desk, a shadow), frame the digit, or
/// cross the image from edge to edge (ruled lines) do not belong to it.
/// </remarks>
internal sealed class InkLayer
{
    /// <summary>The minimum contrast of ink, out of 255.</summary>
    public const int MinContrast = 24;

    // Relative to the strongest contrast of the image.
    private const double ThresholdShare = 0.3;
    private const double StrongestShare = 0.995;

    // The minimum size and mass of the digit's main part, relative to the image and to everything that stands out.
    private const double MinSize = 0.05;
    private const double MinMass = 0.04;

    // The minimum mass of the other parts and their maximum distance, relative to the main part.
    private const double MinPartMass = 0.02;
    private const double MaxGap = 0.25;

    /// <summary>The maximum share of a digit's outline that may be an artifact of the estimated paper.</summary>
    private const double MaxFalseOutline = 0.08;

    /// <summary>The maximum share of an edge of the image that a digit on a larger sheet covers.</summary>
    private const double MaxContact = 0.3;

    private readonly byte[] _paper;
    private readonly int _width;
    private readonly int _height;
    private readonly int[] _partOf;
    private readonly List<InkPart> _parts;
    private readonly bool[] _isDigit;
    private readonly Rules? _rules;
    private readonly bool _rulesAreRemoved;

    private InkLayer(byte[] levels, byte[] paper, int width, bool isBrightness, bool removeRules)
    {
        (_paper, _width, _height) = (paper, width, levels.Length / width);
        var contrasts = new byte[levels.Length];
        for (var i = 0; i < levels.Length; i++) contrasts[i] = Contrast(levels[i], paper[i], isBrightness);
        Threshold = Math.Max(MinContrast, (int)(ThresholdShare * Histogram.Quantile(contrasts, StrongestShare)));
        _parts = FindParts(contrasts, out _partOf);
        if (_parts.Any(part => part.SpansImage && !part.IsFrame)) _rules = Rules.Find(contrasts, width, Threshold);
        if (removeRules && _rules is not null)
        {
            _rulesAreRemoved = true;
            for (var i = 0; i < contrasts.Length; i++)
            {
                if (_rules.Pixels[i]) contrasts[i] = 0;
            }

            _parts = FindParts(contrasts, out _partOf);
        }

        _isDigit = new bool[_parts.Count];
    }

    /// <summary>Gets the level of the paper at each pixel.</summary>
    public byte[] Paper => _paper;

    /// <summary>Gets the contrast above which a pixel is ink.</summary>
    public int Threshold { get; }

    /// <summary>Gets the bounding box of the digit; null if there is none.</summary>
    public PixelBox? Digit { get; private set; }

    /// <summary>Gets the sum of the contrasts of the digit's pixels.</summary>
    public double Mass { get; private set; }

    /// <summary>Gets whether a part of the digit reaches two opposite edges of the image.</summary>
    public bool DigitSpansImage => _parts.Where((_, i) => _isDigit[i]).Any(part => part.SpansImage);

    /// <summary>Gets whether a part of the digit reaches an edge of the image.</summary>
    public bool DigitTouchesEdge => _parts.Where((_, i) => _isDigit[i]).Any(part => part.EdgePixels > 0);

    /// <summary>Gets everything that stands out, whether it belongs to the digit or not.</summary>
    public IReadOnlyList<InkPart> Parts => _parts;

    /// <summary>Gets whether there is a rectangle around the digit.</summary>
    public bool HasFrame => _parts.Any(part => part.IsFrame);

    /// <summary>Gets the number of ruled lines that cross the image.</summary>
    public int RuleCount => _rules?.Count ?? 0;

    /// <summary>
    /// Gets whether the image is a digit cropped approximately to its bounding box: one part nearly fills it and
    /// follows at most one of its edges, or reaches from edge to edge with the ends of its strokes.
    /// </summary>
    public bool IsCrop
    {
        get
        {
            const double MinCovered = 0.9;
            const double MinMainShare = 0.8;
            const double MaxInk = 0.6;
            const double MaxStrokeEnd = 0.5;
            if (Digit is not { } box || HasFrame || RuleCount > 1) return false;
            var main = _parts.MaxBy(part => part.Mass)!;
            var isFilled = box.Width >= MinCovered * _width && box.Height >= MinCovered * _height
                && main.FollowedEdges(_width, _height) < 2;
            var isSpanned = main.SpansImage && RuleCount == 0 && main.LargestContact(_width, _height) < MaxStrokeEnd;
            return (isFilled || isSpanned) && main.Mass >= MinMainShare * _parts.Sum(part => part.Mass)
                && _parts.Sum(part => part.Pixels) <= MaxInk * _partOf.Length;
        }
    }

    /// <summary>
    /// Finds a digit on a larger sheet of evenly lit paper; the digit may touch the edges of the image.
    /// </summary>
    public static InkLayer FindOnSheet(byte[] levels, int width, byte paper)
    {
        var layer = new InkLayer(levels, Even(levels, paper), width, isBrightness: false, removeRules: false);
        if (layer._parts.TrueForAll(part => part.LargestContact(width, layer._height) < MaxContact))
            layer.Choose((part, _) => !part.IsFrame);
        return layer;
    }

    /// <summary>Finds a digit that fills the image, on evenly lit paper.</summary>
    public static InkLayer FindFilling(byte[] levels, int width, byte paper)
    {
        var layer = new InkLayer(levels, Even(levels, paper), width, isBrightness: false, removeRules: false);
        layer.Choose((part, _) => !part.IsFrame);
        // A frame with nothing in it may be a 0.
        if (layer.Digit is null) layer.Choose((part, _) => part.IsHollow);
        return layer;
    }

    /// <summary>Finds a digit away from the edges, on paper whose level is estimated at each pixel.</summary>
    public static InkLayer FindInside(byte[] levels, int width, int window, bool isBrightness)
    {
        var paper = Background.Estimate(levels, width, levels.Length / width, window);
        var layer = new InkLayer(levels, paper, width, isBrightness, removeRules: true);
        var falseOutlines = layer.FalseOutlines(levels);
        layer.Choose((part, i) => !part.IsFrame && (layer._rules is null ? !part.FollowsEdge : part.EdgePixels == 0)
            && falseOutlines[i] <= MaxFalseOutline);
        return layer;
    }

    /// <summary>
    /// Returns the contrast of ink on paper, out of 255; that of dark ink is relative to the brightness of the paper.
    /// </summary>
    public static byte Contrast(int level, int paper, bool isBrightness)
    {
        const int DarkestScaled = 100;
        var difference = Math.Max(0, paper - level);
        return (byte)(isBrightness ? Math.Min(255, difference * 255 / Math.Max(DarkestScaled, paper)) : difference);
    }

    /// <summary>
    /// Returns for each pixel whether it may belong to the digit, that is, belongs to it or lies close to a pixel that
    /// does.
    /// </summary>
    public bool[] DigitMask(int distance)
    {
        var mask = new bool[_partOf.Length];
        for (var i = 0; i < mask.Length; i++)
        {
            if (_partOf[i] == 0 || !_isDigit[_partOf[i] - 1]) continue;
            var (x, y) = (i % _width, i / _width);
            for (var row = Math.Max(0, y - distance); row <= Math.Min(_height - 1, y + distance); row++)
            {
                var left = (row * _width) + Math.Max(0, x - distance);
                mask.AsSpan(left, (row * _width) + Math.Min(_width, x + distance + 1) - left).Fill(true);
            }
        }

        // Excludes the pixels of ruled lines and of other parts.
        for (var i = 0; i < mask.Length; i++)
            mask[i] &= _partOf[i] == 0 ? !_rulesAreRemoved || !_rules!.Pixels[i] : _isDigit[_partOf[i] - 1];
        return mask;
    }

    private static byte[] Even(byte[] levels, byte paper)
    {
        var papers = new byte[levels.Length];
        Array.Fill(papers, paper);
        return papers;
    }

    private List<InkPart> FindParts(byte[] contrasts, out int[] partOf)
    {
        var parts = InkPart.Find(contrasts, _width, Threshold, out partOf);
        for (var i = 0; i < parts.Count; i++) parts[i].LookForFrame(partOf, i + 1, _width, _height);
        return parts;
    }

    /// <summary>
    /// Selects the candidate with the most ink as the main part of the digit, and adds the candidates near it.
    /// </summary>
    private void Choose(Func<InkPart, int, bool> isCandidate)
    {
        var candidates = _parts.Select(isCandidate).ToArray();
        var main = -1;
        for (var i = 0; i < _parts.Count; i++)
        {
            if (candidates[i] && (main < 0 || _parts[i].Mass > _parts[main].Mass)) main = i;
        }

        if (main < 0 || _parts[main].Box.Size < MinSize * Math.Max(_width, _height)) return;
        if (_parts[main].Mass < MinMass * _parts.Sum(part => part.Mass)) return;
        var near = _parts[main].Box.Inflate((int)Math.Ceiling(MaxGap * _parts[main].Box.Size), _width, _height);
        var box = _parts[main].Box;
        for (var i = 0; i < _parts.Count; i++)
        {
            var isLarge = _parts[i].Mass >= MinPartMass * _parts[main].Mass;
            _isDigit[i] = candidates[i] && isLarge && near.Contains(_parts[i].Box);
            if (!_isDigit[i]) continue;
            Mass += _parts[i].Mass;
            box = box.Union(_parts[i].Box);
        }

        Digit = box;
    }

    /// <summary>
    /// Returns for each part the share of its outline along which the estimated paper changes more than the image does.
    /// Along the whole outline of ink, the image itself has an edge.
    /// </summary>
    private double[] FalseOutlines(byte[] levels)
    {
        var (pairs, falsePairs) = (new int[_parts.Count + 1], new double[_parts.Count + 1]);
        for (var i = 0; i < levels.Length; i++)
        {
            if ((i + 1) % _width != 0) Count(i, i + 1);
            if (i + _width < levels.Length) Count(i, i + _width);
        }

        return [.. pairs.Zip(falsePairs, (all, some) => some / Math.Max(1, all)).Skip(1)];

        void Count(int one, int other)
        {
            var (first, second) = (_partOf[one], _partOf[other]);
            if (first == second) return;
            var isFalse = Math.Abs(_paper[one] - _paper[other]) > Math.Abs(levels[one] - levels[other]);
            foreach (var part in (ReadOnlySpan<int>)[first, second])
            {
                pairs[part]++;
                if (isFalse) falsePairs[part]++;
            }
        }
    }
}
