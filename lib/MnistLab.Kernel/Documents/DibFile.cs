using System.Text.Json;
using System.Text.Json.Nodes;
using MnistLab.Kernel.Directives;

namespace MnistLab.Kernel.Documents;

/// <summary>
/// Reads and writes the text format of Polyglot Notebooks: a line such as <c>#!csharp</c> or <c>#!markdown</c> begins a
/// cell, and <c>#!meta</c> the metadata of the notebook. The format does not contain outputs.
/// </summary>
internal static class DibFile
{
    public const string Extension = ".dib";

    // The metadata key under which Polyglot Notebooks keeps the content of #!meta when it saves a .dib file as .ipynb.
    private const string Description = "polyglot_notebook";

    public static bool IsNamed(string file) => Path.GetExtension(file).Equals(Extension, StringComparison.OrdinalIgnoreCase);

    /// <summary>Reads a file and returns the notebook in nbformat.</summary>
    /// <exception cref="NotebookFormatException">
    /// A cell is in a language that cannot be run, or the metadata is not JSON.
    /// </exception>
    public static JsonObject Parse(string file)
    {
        var notebook = Empty();
        var (cells, metadata) = ((JsonArray)notebook["cells"]!, (JsonObject)notebook["metadata"]!);
        foreach (var (line, language, text) in Cells(File.ReadAllText(file).ReplaceLineEndings("\n")))
        {
            if (language == CellLanguage.Meta) metadata[Description] = ReadMeta(file, line, text);
            else if (text.Length > 0) cells.Add((JsonNode)Cell(file, line, language, text));
        }

        return notebook;
    }

    /// <summary>Returns a notebook without cells, in nbformat.</summary>
    public static JsonObject Empty() => new()
    {
        ["cells"] = new JsonArray(),
        ["metadata"] = new JsonObject
        {
            ["kernelspec"] = new JsonObject { ["display_name"] = ".NET (C#)", ["language"] = "C#", ["name"] = ".net-csharp" },
            ["language_info"] = new JsonObject
            {
                ["name"] = "C#",
                ["mimetype"] = "text/x-csharp",
                ["file_extension"] = ".cs",
                ["pygments_lexer"] = "csharp"
            },
        },
        ["nbformat"] = 4,
        ["nbformat_minor"] = 5,
    };

    private static IEnumerable<(int Line, string Language, string Text)> Cells(string text)
    {
        var (line, start, language) = (0, 0, CellLanguage.CSharp);
        foreach (var next in DirectiveScanner.Find(text).Where(directive => directive is { Language: not null, Arguments: "" }))
        {
            yield return (line, language, text[start..next.Start].Trim('\n'));
            (line, start, language) = (next.Line, next.End, next.Language!);
        }

        yield return (line, language, text[start..].Trim('\n'));
    }

    private static JsonObject Cell(string file, int line, string language, string text) => language switch
    {
        CellLanguage.Markdown => new()
        {
            ["cell_type"] = "markdown",
            ["metadata"] = new JsonObject(),
            ["source"] = MultilineText.Write(text)
        },
        CellLanguage.CSharp => Code(text),
        // The kernel handles the directives of these languages.
        _ when CellLanguage.HasKernel(language) => Code($"#!{language}\n{text}"),
        _ => throw new NotebookFormatException(
            file,
            $"the cell that begins in line {line} is in {language}; only C#, HTML, HTTP, JavaScript, Markdown, and Mermaid can be run."),
    };

    private static JsonObject Code(string text) => new()
    {
        ["cell_type"] = "code",
        ["execution_count"] = null,
        ["metadata"] = new JsonObject(),
        ["outputs"] = new JsonArray(),
        ["source"] = MultilineText.Write(text),
    };

    /// <summary>Returns the text of a notebook in this format.</summary>
    public static string Write(NotebookDocument notebook, JsonObject json)
    {
        var parts = notebook.Cells.Select(cell => cell.Kind == CellKind.Code
            ? Part(notebook.LanguageOf(cell), cell.Source)
            : Part(CellLanguage.Markdown, cell.Source));
        if (json["metadata"]?[Description] is { } meta) parts = parts.Prepend(Part(CellLanguage.Meta, meta.ToJsonString()));
        return string.Join('\n', parts);
    }

    private static string Part(string language, string source)
    {
        // A cell that was read from a .dib file in a language other than C# already begins with its directive.
        var isNamed = language == CellLanguage.CSharp && source.StartsWith("#!", StringComparison.Ordinal);
        return isNamed && DirectiveScanner.Find(source) is [{ Start: 0, Language: not null, Arguments: "" } directive, ..]
            ? $"{source[..directive.End].TrimEnd()}\n\n{source[directive.End..].TrimStart('\n')}\n"
            : $"#!{language}\n\n{source}\n";
    }

    private static JsonNode? ReadMeta(string file, int line, string text)
    {
        try
        {
            return JsonNode.Parse(text);
        }
        catch (JsonException error)
        {
            throw new NotebookFormatException(
                file, $"what follows #!{CellLanguage.Meta} in line {line} is not JSON: {error.Message}", error);
        }
    }
}
