using System.Net;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace MnistLab.Notebooks;

/// <summary>
/// Represents JSON for display: indented, with lists of scalar values on one line, and collapsed if it is long.
/// </summary>
public sealed class JsonView
{
    private const int MaxUnfoldedLines = 16;
    private const int Indentation = 2;

    // A fifth of the page's width, so that enough remains for the text on a phone. Percentages would not be relative to
    // the same width for padding and for indentation.
    private const string MaxHanging = "20vw";

    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly string _names;
    private readonly string _text;

    private JsonView(string names, string text) => (_names, _text) = (names, text);

    /// <summary>Creates the view of a JSON text.</summary>
    /// <exception cref="JsonException">The text is not JSON.</exception>
    public static JsonView From(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        using var document = JsonDocument.Parse(json);
        var text = new StringBuilder();
        Write(text, document.RootElement, 0);
        return new JsonView(Names(document.RootElement), text.ToString());
    }

    /// <summary>Returns the indented JSON.</summary>
    public override string ToString() => _text;

    internal string ToHtml()
    {
        var open = _text.Split('\n').Length <= MaxUnfoldedLines ? " open" : "";
        var lines = string.Concat(_text.Split('\n').Select(Line));
        return $"<details{open}><summary><code>{WebUtility.HtmlEncode(_names)}</code></summary>"
            + $"<pre style=\"white-space:pre-wrap;overflow-wrap:anywhere\">{lines}</pre></details>";
    }

    // A line that is too long continues below the start of its list or value.
    private static string Line(string line)
    {
        var indentation = line.Length - line.TrimStart().Length;
        var list = line.IndexOf('[', StringComparison.Ordinal);
        var hanging = $"min({(list < 0 ? indentation + Indentation : list + 1)}ch,{MaxHanging})";
        return $"<span style=\"display:block;padding-left:{hanging};text-indent:calc(-1*{hanging})\">"
            + $"{WebUtility.HtmlEncode(line)}</span>";
    }

    private static string Names(JsonElement root) => root.ValueKind switch
    {
        JsonValueKind.Object => $"{{ {string.Join(", ", root.EnumerateObject().Select(member => member.Name))} }}",
        JsonValueKind.Array => $"[ {root.GetArrayLength()} ]",
        _ => root.ToString(),
    };

    private static void Write(StringBuilder text, JsonElement value, int depth)
    {
        if (value.ValueKind == JsonValueKind.Object)
        {
            WriteLines(text, '{', '}', depth, [.. value.EnumerateObject()], member =>
            {
                text.Append(JsonSerializer.Serialize(member.Name, Readable)).Append(": ");
                Write(text, member.Value, depth + Indentation);
            });
        }
        else if (value.ValueKind == JsonValueKind.Array && value.EnumerateArray().Any(IsNested))
            WriteLines(text, '[', ']', depth, [.. value.EnumerateArray()], item => Write(text, item, depth + Indentation));
        else if (value.ValueKind == JsonValueKind.Array)
            text.Append('[').AppendJoin(", ", value.EnumerateArray().Select(Scalar)).Append(']');
        else text.Append(Scalar(value));
    }

    private static bool IsNested(JsonElement value) => value.ValueKind is JsonValueKind.Object or JsonValueKind.Array;

    private static string Scalar(JsonElement value) => JsonSerializer.Serialize(value, Readable);

    private static void WriteLines<T>(StringBuilder text, char open, char close, int depth, IReadOnlyList<T> items, Action<T> write)
    {
        text.Append(open);
        foreach (var (index, item) in items.Index())
        {
            text.Append(index > 0 ? ",\n" : "\n").Append(' ', depth + Indentation);
            write(item);
        }

        if (items.Count > 0) text.Append('\n').Append(' ', depth);
        text.Append(close);
    }
}
