namespace MnistLab.Data;

/// <summary>A decoded picture, upright and opaque.</summary>
/// <param name="Rgb">Red, green and blue of each pixel, 0 to 255, row after row.</param>
/// <param name="Width">Pixels in a row.</param>
/// <param name="Height">Rows.</param>
internal sealed record ColourPicture(byte[] Rgb, int Width, int Height)
{
    /// <summary>Whether it is in the form of the dataset already: 28 × 28, grey, light ink on a background that is black but for what JPEG leaves there.</summary>
    public bool IsDigit => Width == DigitImage.Side && Height == DigitImage.Side && IsGrey() && IsDigitOnBlack(ToGrey());

    private const int DarkestPaper = 16;

    /// <summary>Whether 28 × 28 grey values are light ink on black: more than half of the border is black, and not everything is the same.</summary>
    public static bool IsDigitOnBlack(ReadOnlySpan<byte> grey)
    {
        const int Side = DigitImage.Side;
        var black = 0;
        for (var i = 0; i < Side; i++)
        {
            black += (grey[i] <= DarkestPaper ? 1 : 0) + (grey[(Side * (Side - 1)) + i] <= DarkestPaper ? 1 : 0);
            black += (grey[i * Side] <= DarkestPaper ? 1 : 0) + (grey[(i * Side) + Side - 1] <= DarkestPaper ? 1 : 0);
        }

        return black > 2 * Side && grey.ContainsAnyExcept(grey[0]);
    }

    /// <summary>The grey values of a grey picture.</summary>
    public byte[] ToGrey()
    {
        var grey = new byte[Width * Height];
        for (var i = 0; i < grey.Length; i++) grey[i] = Rgb[3 * i];
        return grey;
    }

    /// <summary>The positions of the pixels along the border, each once or twice.</summary>
    public IEnumerable<int> Border()
    {
        for (var x = 0; x < Width; x++)
        {
            yield return x;
            yield return x + ((Height - 1) * Width);
        }

        for (var y = 0; y < Height; y++)
        {
            yield return y * Width;
            yield return (y * Width) + Width - 1;
        }
    }

    private bool IsGrey()
    {
        for (var i = 0; i < Rgb.Length; i += 3)
        {
            if (Rgb[i] != Rgb[i + 1] || Rgb[i] != Rgb[i + 2]) return false;
        }

        return true;
    }
}
