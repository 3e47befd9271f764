using System.Text.Encodings.Web;
using System.Text.Json;

namespace MnistLab.Studio.Console;

/// <summary>Writes values as C# for the notebook code that a screen shows.</summary>
internal static class NotebookCode
{
    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Returns a text as a literal of C#, with its quotation marks.</summary>
    public static string Literal(string text) =>
        // Each string of JSON is one of C#, too.
        JsonSerializer.Serialize(text, Readable);
}
