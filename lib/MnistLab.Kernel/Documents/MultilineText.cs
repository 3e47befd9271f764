using System.Text.Json.Nodes;

namespace MnistLab.Kernel.Documents;

/// <summary>
/// Writes text as a list of lines, each with its line feed, so that a diff of the file shows the lines that changed.
/// </summary>
internal static class MultilineText
{
    public static JsonArray Write(string text)
    {
        var lines = new JsonArray();
        for (var start = 0; start < text.Length;)
        {
            var end = text.IndexOf('\n', start) is var lineFeed and >= 0 ? lineFeed + 1 : text.Length;
            lines.Add((JsonNode)text[start..end]);
            start = end;
        }

        return lines;
    }
}
