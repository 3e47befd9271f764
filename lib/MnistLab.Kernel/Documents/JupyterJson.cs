using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace MnistLab.Kernel.Documents;

/// <summary>
/// Writes JSON as Jupyter does: indented by one space per level, with line feeds, unescaped non-ASCII characters, and a
/// final line feed.
/// </summary>
internal static class JupyterJson
{
    private const int EscapeLength = 6; // \uXXXX

    private static readonly JsonSerializerOptions Options = new()
    {
        WriteIndented = true,
        IndentCharacter = ' ',
        IndentSize = 1,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        MaxDepth = NotebookReader.MaxJsonDepth,
    };

    /// <summary>Returns the text of a JSON value.</summary>
    public static string Write(JsonNode value) => Unescape(value.ToJsonString(Options)) + "\n";

    // The relaxed encoder still escapes characters outside the basic multilingual plane (emoji) and some spaces, which
    // would appear as codes in the diff of a notebook.
    private static string Unescape(string json)
    {
        if (!json.Contains("\\u", StringComparison.Ordinal)) return json;

        var text = new StringBuilder(json.Length);
        for (var position = 0; position < json.Length;)
        {
            var next = json.IndexOf('\\', position);
            if (next < 0) return text.Append(json, position, json.Length - position).ToString();

            text.Append(json, position, next - position);
            if (json[next + 1] == 'u' && CodeUnit(json, next) is var unit && unit >= '\u0080')
            {
                text.Append(unit);
                position = next + EscapeLength;
            }
            else
            {
                text.Append(json, next, 2);
                position = next + 2;
            }
        }

        return text.ToString();
    }

    private static char CodeUnit(string json, int escape) =>
        (char)ushort.Parse(json.AsSpan(escape + 2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
}
