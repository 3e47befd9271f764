namespace MnistLab.Kernel.Jupyter;

/// <summary>
/// Converts positions in a text between Jupyter, which counts Unicode code points, and .NET, which counts UTF-16 code
/// units. They differ after a character such as an emoji.
/// </summary>
internal static class TextOffsets
{
    /// <summary>Returns the position in code units, at most the length of the text.</summary>
    public static int ToCodeUnits(string text, int codePoints)
    {
        var place = 0;
        for (; codePoints > 0 && place < text.Length; codePoints--) place += WidthAt(text, place);
        return place;
    }

    /// <summary>Returns the position in code points.</summary>
    public static int ToCodePoints(string text, int codeUnits)
    {
        var codePoints = 0;
        for (var place = 0; place < codeUnits && place < text.Length; place += WidthAt(text, place)) codePoints++;
        return codePoints;
    }

    private static int WidthAt(string text, int place) =>
        place + 1 < text.Length && char.IsSurrogatePair(text[place], text[place + 1]) ? 2 : 1;
}
