namespace MnistLab.Kernel.Cells;

/// <summary>
/// Joins surrogate pairs, such as emoji, that a cell writes one UTF-16 code unit at a time, because half a pair cannot
/// be sent.
/// </summary>
internal sealed class WholeCharacters
{
    private char? _half;

    /// <summary>
    /// Returns the text, preceded by a surrogate that an earlier call held back, up to the last complete character.
    /// </summary>
    public string Add(string text)
    {
        if (_half is { } half) (text, _half) = (half + text, null);
        if (text.Length == 0 || !char.IsHighSurrogate(text[^1])) return text;
        _half = text[^1];
        return text[..^1];
    }
}
