using System.Text.Json.Nodes;

namespace MnistLab.Kernel.Directives;

/// <summary>Defines the languages of cells by their names in .NET Interactive.</summary>
internal static class CellLanguage
{
    public const string CSharp = "csharp";
    public const string Http = "http";
    public const string Html = "html";
    public const string JavaScript = "javascript";
    public const string Markdown = "markdown";
    public const string Mermaid = "mermaid";

    /// <summary>Not a language, but text that is stored for other cells.</summary>
    public const string Value = "value";

    /// <summary>Not a language, but the metadata of a <c>.dib</c> file, in JSON.</summary>
    public const string Meta = "meta";

    // Maps a language that the kernel does not support to its display name, for error messages.
    private static readonly Dictionary<string, string> Names = new(StringComparer.OrdinalIgnoreCase)
    {
        [CSharp] = CSharp,
        ["c#"] = CSharp,
        ["cs"] = CSharp,
        ["polyglot-notebook"] = CSharp,
        [Html] = Html,
        [JavaScript] = JavaScript,
        ["js"] = JavaScript,
        [Markdown] = Markdown,
        ["md"] = Markdown,
        [Mermaid] = Mermaid,
        [Meta] = Meta,
        [Value] = Value,
        ["fsharp"] = "F#",
        ["f#"] = "F#",
        ["fs"] = "F#",
        ["pwsh"] = "PowerShell",
        ["powershell"] = "PowerShell",
        ["sql"] = "SQL",
        ["kql"] = "KQL",
        [Http] = Http,
        ["python"] = "Python",
        ["r"] = "R",
    };

    /// <summary>Returns the language with this name or alias; null if it is unknown.</summary>
    public static string? Find(string name) => Names.GetValueOrDefault(name);

    /// <summary>
    /// Returns the language that a member of the metadata of a notebook or cell names; null if the member is missing or
    /// does not name a language.
    /// </summary>
    public static string? FindIn(JsonNode? metadata, params ReadOnlySpan<string> path)
    {
        foreach (var member in path) metadata = (metadata as JsonObject)?[member];
        return metadata is JsonValue value && value.TryGetValue<string>(out var name) ? Find(name) : null;
    }

    /// <summary>Returns whether cells in this language can be run or displayed.</summary>
    public static bool HasKernel(string language) => language is CSharp or Html or JavaScript or Markdown or Mermaid or Http or Value;
}
