using System.Text.Json;
using MnistLab.Kernel.Documents;

namespace MnistLab.Kernel.Running;

/// <summary>Serializes events as records on the standard output of the process of a notebook.</summary>
internal static class RunRecord
{
    // The default encoder escapes control characters and all non-ASCII characters.
    private static readonly JsonSerializerOptions Options = new() { MaxDepth = NotebookReader.MaxJsonDepth };

    public static string Write(RunEvent value) => JsonSerializer.Serialize(value, Options);

    /// <summary>Returns the event of a record; null if the text is not a valid event.</summary>
    public static RunEvent? Read(string record)
    {
        try
        {
            return JsonSerializer.Deserialize<RunEvent>(record, Options);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
