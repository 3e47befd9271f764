namespace MnistLab.Data;

/// <summary>A decoded picture: grey values, 0 for black to 255 for white, row after row.</summary>
internal sealed class GreyPicture
{
    public GreyPicture(byte[] values, int width, int height)
    {
        (Values, Width, Height) = (values, width, height);
        var border = Border();
        Array.Sort(border);
        Background = border[border.Length / 2];
        var deviations = Array.ConvertAll(border, value => (byte)Math.Abs(value - Background));
        Array.Sort(deviations);
        Noise = deviations[deviations.Length * 9 / 10];
    }

    public byte[] Values { get; }

    public int Width { get; }

    public int Height { get; }

    /// <summary>The grey value of the paper: the median along the border.</summary>
    public int Background { get; }

    /// <summary>How far the paper differs from that value, along all but a tenth of the border: where a stroke leaves the picture, it is no noise.</summary>
    public int Noise { get; }

    public bool IsBlank => !Values.AsSpan().ContainsAnyExcept(Values[0]);

    public bool IsDarkOnLight => Background > 127;

    private byte[] Border() =>
    [
        .. Values.AsSpan(0, Width),
        .. Values.AsSpan(Width * (Height - 1)),
        .. Enumerable.Range(0, Height).SelectMany(row => new[] { Values[row * Width], Values[(row * Width) + Width - 1] }),
    ];
}
