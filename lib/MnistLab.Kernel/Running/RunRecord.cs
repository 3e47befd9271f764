using System.Text.Encodings.Web;
using System.Text.Json;

namespace MnistLab.Kernel;

/// <summary>
/// Events on the standard output of a notebook's process: a JSON text sequence (RFC 7464), each record between a record separator and a line feed.
/// Whatever else gets onto that stream (native libraries print past the console that cells see) lies outside the records.
/// </summary>
internal static class RunRecord
{
    private const char RecordSeparator = '\u001e';

    private static readonly JsonSerializerOptions Options = new() { MaxDepth = NotebookReader.DeepestJson, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Write(RunEvent value) => $"{RecordSeparator}{JsonSerializer.Serialize(value, Options)}\n";

    /// <summary>Reads a line of the stream: the text before the record, and the record, where there is one.</summary>
    public static (string Text, RunEvent? Event) Read(string line)
    {
        var separator = line.LastIndexOf(RecordSeparator);
        if (separator < 0) return (line, null);
        try
        {
            return (line[..separator], JsonSerializer.Deserialize<RunEvent>(line.AsSpan(separator + 1), Options));
        }
        catch (JsonException)
        {
            return (line, null);
        }
    }
}
