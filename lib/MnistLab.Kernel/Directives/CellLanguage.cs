using System.Text.Json.Nodes;

namespace MnistLab.Kernel;

/// <summary>The languages of cells, by the names under which .NET Interactive knows them.</summary>
internal static class CellLanguage
{
    public const string CSharp = "csharp";
    public const string Http = "http";
    public const string Html = "html";
    public const string JavaScript = "javascript";
    public const string Markdown = "markdown";
    public const string Mermaid = "mermaid";

    /// <summary>Not a language: text that is stored for other cells.</summary>
    public const string Value = "value";

    /// <summary>Not a language: the description of a <c>.dib</c> file, which is JSON.</summary>
    public const string Meta = "meta";

    // A language that has no kernel here stands for itself, under the name that a message gives it.
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

    /// <summary>The language of this name; null if there is none.</summary>
    public static string? Find(string name) => Names.GetValueOrDefault(name);

    /// <summary>
    /// The language that a member of a notebook's or a cell's metadata names; null if there is no such member, or its
    /// value is not the name of a language.
    /// </summary>
    public static string? FindIn(JsonNode? metadata, params ReadOnlySpan<string> path)
    {
        foreach (var member in path) metadata = (metadata as JsonObject)?[member];
        return metadata is JsonValue value && value.TryGetValue<string>(out var name) ? Find(name) : null;
    }

    /// <summary>Whether cells in this language are run or shown here.</summary>
    public static bool HasKernel(string language) => language is CSharp or Html or JavaScript or Markdown or Mermaid or Http or Value;
}
