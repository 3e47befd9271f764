namespace MnistLab.Kernel;

/// <summary>Places in a text: Jupyter counts Unicode code points, .NET counts UTF-16 code units. They differ behind every emoji.</summary>
internal static class TextOffsets
{
    /// <summary>The place in code units; the end of the text for one beyond it.</summary>
    public static int ToCodeUnits(string text, int codePoints)
    {
        var place = 0;
        for (; codePoints > 0 && place < text.Length; codePoints--) place += WidthAt(text, place);
        return place;
    }

    /// <summary>The place in code points.</summary>
    public static int ToCodePoints(string text, int codeUnits)
    {
        var codePoints = 0;
        for (var place = 0; place < codeUnits && place < text.Length; place += WidthAt(text, place)) codePoints++;
        return codePoints;
    }

    private static int WidthAt(string text, int place) => place + 1 < text.Length && char.IsSurrogatePair(text[place], text[place + 1]) ? 2 : 1;
}
