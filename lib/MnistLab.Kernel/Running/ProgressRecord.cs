using System.Text.Json;

namespace MnistLab.Kernel;

/// <summary>
/// Progress on the standard output of a notebook's process: a JSON text sequence (RFC 7464), each record between a record separator and a line feed.
/// Whatever else gets onto that stream (native libraries print past the console that cells see) lies outside the records.
/// </summary>
internal static class ProgressRecord
{
    private const char RecordSeparator = '\u001e';

    public static string Write(CellProgress progress) => $"{RecordSeparator}{JsonSerializer.Serialize(progress)}\n";

    /// <summary>Reads a line of the stream: the text before the record, and the record, where there is one.</summary>
    public static (string Text, CellProgress? Progress) Read(string line)
    {
        var separator = line.LastIndexOf(RecordSeparator);
        if (separator < 0) return (line, null);
        try
        {
            return (line[..separator], JsonSerializer.Deserialize<CellProgress>(line.AsSpan(separator + 1)));
        }
        catch (JsonException)
        {
            return (line, null);
        }
    }
}
