namespace MnistLab.Kernel;

/// <summary>
/// Joins characters of which a cell writes one UTF-16 half at a time, such as emoji: half a character cannot be sent.
/// </summary>
internal sealed class WholeCharacters
{
    private char? _half;

    /// <summary>Returns the text up to its last whole character, after what was kept back before.</summary>
    public string Add(string text)
    {
        if (_half is { } half) (text, _half) = (half + text, null);
        if (text.Length == 0 || !char.IsHighSurrogate(text[^1])) return text;
        _half = text[^1];
        return text[..^1];
    }
}
