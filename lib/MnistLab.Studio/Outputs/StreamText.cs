using System.Text;

namespace MnistLab.Studio.Outputs;

/// <summary>
/// Represents the text of a stream as a terminal shows it: text after a carriage return replaces the line, and a
/// backspace removes a character. Escape sequences for colors are kept.
/// </summary>
internal sealed class StreamText
{
    private readonly List<string> _lines = [];
    private readonly StringBuilder _current = new();
    private bool _returned;

    /// <summary>Gets the number of lines; the last one may be incomplete.</summary>
    public int Count => _lines.Count + (_current.Length > 0 ? 1 : 0);

    /// <summary>Appends text.</summary>
    public void Append(string text)
    {
        for (var start = 0; start < text.Length;)
        {
            var end = text.AsSpan(start).IndexOfAny('\n', '\r', '\b') is var offset and >= 0 ? start + offset : text.Length;
            if (end > start) Write(text.AsSpan(start, end - start));
            if (end < text.Length) Control(text[end]);
            start = end + 1;
        }
    }

    /// <summary>Returns a range of lines.</summary>
    public IReadOnlyList<string> Take(int first, int count) =>
        [.. _lines.Skip(first).Take(count), .. _current.Length > 0 && first + count > _lines.Count ? new[] { _current.ToString() } : []];

    /// <summary>Returns the whole text.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (var line in _lines) text.Append(line).Append('\n');
        return text.Append(_current).ToString();
    }

    private void Write(ReadOnlySpan<char> text)
    {
        if (_returned) _current.Clear();
        _returned = false;
        _current.Append(text);
    }

    private void Control(char control)
    {
        if (control == '\n')
        {
            _lines.Add(_current.ToString());
            _current.Clear();
            _returned = false;
        }
        else if (control == '\r') _returned = true;
        else if (_current.Length > 0) _current.Length--;
    }
}
