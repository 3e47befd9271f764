using System.Globalization;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;

namespace MnistLab.Studio.Outputs;

/// <summary>
/// Converts terminal text to HTML: colors and emphasis (ECMA-48, SGR) become CSS classes; other escape sequences are
/// dropped.
/// </summary>
internal sealed partial class AnsiHtml
{
    private readonly SortedSet<string> _classes = new(StringComparer.Ordinal);
    private string? _foreground;
    private string? _background;

    /// <summary>Converts a text. Colors continue from the previous text.</summary>
    public string Render(string text)
    {
        if (!text.Contains('\u001b', StringComparison.Ordinal) && !HasStyle) return WebUtility.HtmlEncode(text);
        var html = new StringBuilder();
        var position = 0;
        foreach (Match sequence in Sequence.Matches(text))
        {
            Append(html, text[position..sequence.Index]);
            position = sequence.Index + sequence.Length;
            if (sequence.Groups["sgr"].Success) Apply(sequence.Groups["sgr"].Value);
        }

        Append(html, text[position..]);
        return html.ToString();
    }

    private bool HasStyle => _classes.Count > 0 || _foreground is not null || _background is not null;

    private void Append(StringBuilder html, string text)
    {
        if (text.Length == 0) return;
        var encoded = WebUtility.HtmlEncode(text);
        if (!HasStyle)
        {
            html.Append(encoded);
            return;
        }

        var classes = _classes.Concat(new[] { Named("ansi-", _foreground), Named("ansi-bg-", _background) }.OfType<string>());
        var style = Rgb("color", _foreground) + Rgb("background", _background);
        html.Append(CultureInfo.InvariantCulture, $"<span class=\"{string.Join(' ', classes)}\"");
        if (style.Length > 0) html.Append(CultureInfo.InvariantCulture, $" style=\"{style}\"");
        html.Append('>').Append(encoded).Append("</span>");
    }

    private static string? Named(string prefix, string? color) => color is null or ['#', ..] ? null : prefix + color;

    private static string Rgb(string property, string? color) => color is ['#', ..] ? $"{property}:{color};" : "";

    private void Apply(string parameters)
    {
        int[] codes = [.. parameters.Split(';').Select(Code)];
        for (var index = 0; index < codes.Length; index++)
        {
            switch (codes[index])
            {
                case 0: Reset(); break;
                case 1: _classes.Add("ansi-bold"); break;
                case 2: _classes.Add("ansi-faint"); break;
                case 3: _classes.Add("ansi-italic"); break;
                case 4: _classes.Add("ansi-underline"); break;
                case 22: _classes.Remove("ansi-bold"); _classes.Remove("ansi-faint"); break;
                case 23: _classes.Remove("ansi-italic"); break;
                case 24: _classes.Remove("ansi-underline"); break;
                case 38: _foreground = Extended(codes, ref index); break;
                case 39: _foreground = null; break;
                case 48: _background = Extended(codes, ref index); break;
                case 49: _background = null; break;
                case var code and (>= 30 and <= 37 or >= 90 and <= 97): _foreground = Basic(code >= 90 ? code - 82 : code - 30); break;
                case var code and (>= 40 and <= 47 or >= 100 and <= 107): _background = Basic(code >= 100 ? code - 92 : code - 40); break;
            }
        }
    }

    private static int Code(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var code) ? code : 0;

    private void Reset()
    {
        _classes.Clear();
        (_foreground, _background) = (null, null);
    }

    private static string Basic(int number) => number.ToString(CultureInfo.InvariantCulture);

    // 5;n selects one of 256 colors (16 basic ones, a cube of 6 × 6 × 6, 24 grays); 2;r;g;b selects any color.
    private static string? Extended(int[] codes, ref int index)
    {
        var kind = index + 1 < codes.Length ? codes[index + 1] : 0;
        if (kind == 2 && index + 4 < codes.Length)
        {
            index += 4;
            return Hex(codes[index - 2], codes[index - 1], codes[index]);
        }

        if (kind != 5 || index + 2 >= codes.Length) return null;
        index += 2;
        var number = codes[index];
        if (number < 16) return Basic(number);
        if (number >= 232) return Hex(8 + (10 * (number - 232)), 8 + (10 * (number - 232)), 8 + (10 * (number - 232)));
        var cube = number - 16;
        return Hex(Level(cube / 36), Level(cube / 6 % 6), Level(cube % 6));

        static int Level(int step) => step == 0 ? 0 : 55 + (40 * step);
    }

    private static string Hex(int red, int green, int blue) =>
        $"#{Math.Min(red, 255):x2}{Math.Min(green, 255):x2}{Math.Min(blue, 255):x2}";

    [GeneratedRegex(@"\x1b(\[(?<sgr>[0-9;]*)m|\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(\x07|\x1b\\)|[@-Z\\^_])")]
    private static partial Regex Sequence { get; }
}
