using System.Text.Json;

namespace MnistLab.Kernel;

/// <summary>Events as records on the standard output of a notebook's process.</summary>
internal static class RunRecord
{
    // The encoder escapes all that is not ASCII, and control characters.
    private static readonly JsonSerializerOptions Options = new() { MaxDepth = NotebookReader.DeepestJson };

    public static string Write(RunEvent value) => JsonSerializer.Serialize(value, Options);

    /// <summary>Returns the event; null if the text is not one.</summary>
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
