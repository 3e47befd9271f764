using System.Text.Json;
using System.Text.Json.Nodes;

namespace MnistLab.Kernel;

/// <summary>
/// A notebook as the text that Polyglot Notebooks kept it in: a line such as <c>#!csharp</c> or <c>#!markdown</c> begins a cell, <c>#!meta</c> the notebook's
/// own description. Outputs are not part of it.
/// </summary>
internal static class DibFile
{
    public const string Extension = ".dib";

    private const string CSharp = "csharp";
    private const string Html = "html";
    private const string JavaScript = "javascript";
    private const string Markdown = "markdown";
    private const string Meta = "meta";

    // The names under which a cell may name its language. Any other #! line is a command within a cell.
    private static readonly Dictionary<string, string> Languages = new(StringComparer.OrdinalIgnoreCase)
    {
        [CSharp] = CSharp,
        ["c#"] = CSharp,
        ["cs"] = CSharp,
        [Markdown] = Markdown,
        ["md"] = Markdown,
        [Html] = Html,
        [JavaScript] = JavaScript,
        ["js"] = JavaScript,
        [Meta] = Meta,
        ["fsharp"] = "F#",
        ["f#"] = "F#",
        ["fs"] = "F#",
        ["pwsh"] = "PowerShell",
        ["powershell"] = "PowerShell",
        ["mermaid"] = "Mermaid",
        ["sql"] = "SQL",
        ["kql"] = "KQL",
        ["http"] = "HTTP",
        ["python"] = "Python",
        ["r"] = "R",
    };

    public static bool IsNamed(string file) => Path.GetExtension(file).Equals(Extension, StringComparison.OrdinalIgnoreCase);

    /// <summary>The notebook in nbformat.</summary>
    /// <exception cref="NotebookFormatException">A cell is in a language that cannot be run, or the description is not JSON.</exception>
    public static JsonObject Parse(string file)
    {
        var cells = new JsonArray();
        foreach (var (line, language, text) in Cells(File.ReadAllLines(file)))
        {
            if (language == Meta) CheckMeta(file, line, text);
            else if (text.Length > 0) cells.Add((JsonNode)Cell(file, line, language, text));
        }

        return new()
        {
            ["cells"] = cells,
            ["metadata"] = new JsonObject
            {
                ["kernelspec"] = new JsonObject { ["display_name"] = ".NET (C#)", ["language"] = "C#", ["name"] = ".net-csharp" },
                ["language_info"] = new JsonObject { ["name"] = "C#", ["mimetype"] = "text/x-csharp", ["file_extension"] = ".cs", ["pygments_lexer"] = "csharp" },
            },
            ["nbformat"] = 4,
            ["nbformat_minor"] = 5,
        };
    }

    private static IEnumerable<(int Line, string Language, string Text)> Cells(string[] lines)
    {
        var (begin, language) = (0, CSharp);
        for (var i = 0; i <= lines.Length; i++)
        {
            var next = i < lines.Length ? LanguageOf(lines[i]) : null;
            if (i < lines.Length && next is null) continue;
            yield return (begin, language, string.Join('\n', lines[begin..i]).Trim('\n'));
            (begin, language) = (i + 1, next ?? "");
        }
    }

    private static string? LanguageOf(string line) =>
        line.StartsWith("#!", StringComparison.Ordinal) ? Languages.GetValueOrDefault(line[2..].TrimEnd()) : null;

    private static JsonObject Cell(string file, int line, string language, string text) => language switch
    {
        Markdown => new() { ["cell_type"] = "markdown", ["metadata"] = new JsonObject(), ["source"] = MultilineText.Write(text) },
        CSharp => Code(text),
        // Shown by the kernel, which knows these directives.
        Html or JavaScript => Code($"#!{language}\n{text}"),
        _ => throw new NotebookFormatException(file, $"the cell that begins in line {line} is in {language}; only C#, HTML, JavaScript and Markdown can be run."),
    };

    private static JsonObject Code(string text) => new()
    {
        ["cell_type"] = "code",
        ["execution_count"] = null,
        ["metadata"] = new JsonObject(),
        ["outputs"] = new JsonArray(),
        ["source"] = MultilineText.Write(text),
    };

    private static void CheckMeta(string file, int line, string text)
    {
        try
        {
            using var meta = JsonDocument.Parse(text);
        }
        catch (JsonException error)
        {
            throw new NotebookFormatException(file, $"what follows #!{Meta} in line {line} is not JSON: {error.Message}", error);
        }
    }
}
