namespace MnistLab.Data;

/// <summary>A decoded picture, upright and opaque.</summary>
/// <param name="Rgb">Red, green and blue of each pixel, 0 to 255, row after row.</param>
/// <param name="Width">Pixels in a row.</param>
/// <param name="Height">Rows.</param>
internal sealed record ColourPicture(byte[] Rgb, int Width, int Height)
{
    /// <summary>Whether it is in the form of the dataset already: 28 × 28, grey, light ink on a background that is black but for what JPEG leaves there.</summary>
    public bool IsDigit => Width == DigitImage.Side && Height == DigitImage.Side && IsGrey() && BorderMedian() <= DarkestPaper && Rgb.AsSpan().ContainsAnyExcept(Rgb[0]);

    private const int DarkestPaper = 16;

    /// <summary>A grey picture.</summary>
    public static ColourPicture FromGrey(byte[] grey, int width, int height)
    {
        var rgb = new byte[3 * grey.Length];
        for (var i = 0; i < grey.Length; i++) (rgb[3 * i], rgb[(3 * i) + 1], rgb[(3 * i) + 2]) = (grey[i], grey[i], grey[i]);
        return new ColourPicture(rgb, width, height);
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

    private int BorderMedian()
    {
        var border = Border().Select(pixel => Rgb[3 * pixel]).ToArray();
        Array.Sort(border);
        return border[border.Length / 2];
    }
}
