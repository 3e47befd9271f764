using System.Globalization;
using System.Text.Json.Nodes;
using MnistLab.Hosting;

namespace MnistLab.Kernel;

/// <summary>
/// A Jupyter notebook: nbformat 4.x is read, 4.5 written (https://nbformat.readthedocs.io). All that this class does not know, in the notebook
/// and in its cells, stays as it was in the file.
/// </summary>
public sealed class NotebookDocument
{
    /// <summary>How the name of a notebook file ends.</summary>
    public const string Extension = ".ipynb";

    private const int WrittenMinor = 5;

    private readonly JsonObject _json;
    private readonly List<NotebookCell> _cells;

    private NotebookDocument(string path, JsonObject json)
    {
        (Path, _json) = (path, json);
        var notebook = new JsonPlace(path, "the notebook");
        if (json["metadata"] is not JsonObject) json["metadata"] = json["metadata"] is null ? new JsonObject() : throw notebook.Wrong("has 'metadata' that is not an object");
        if (!(notebook.OptionalNumber(json, "nbformat_minor") >= WrittenMinor)) json["nbformat_minor"] = WrittenMinor;

        var cells = ((JsonArray)json["cells"]!)
            .Select((cell, index) => (Node: cell, Place: new JsonPlace(path, string.Create(CultureInfo.InvariantCulture, $"cell {index + 1}"))))
            .Select(cell => (Json: cell.Place.Object(cell.Node), cell.Place))
            .ToList();
        CellIds.Complete([.. cells.Select(cell => cell.Json)]);
        _cells = [.. cells.Select(cell => new NotebookCell(cell.Json, cell.Place))];
    }

    /// <summary>The file that the notebook was read from, as it was named to <see cref="Read"/>.</summary>
    public string Path { get; }

    /// <summary>The cells, from top to bottom.</summary>
    public IReadOnlyList<NotebookCell> Cells => _cells;

    /// <summary>The language that the notebook says its code is in (<c>metadata.kernelspec.language</c>), or null.</summary>
    public string? Language => (_json["metadata"]?["kernelspec"] as JsonObject)?["language"] is JsonValue value && value.TryGetValue<string>(out var name) ? name : null;

    /// <summary>The language that the notebook says its text is in (<c>metadata.lang</c>), as a BCP 47 tag, or null.</summary>
    public string? TextLanguage => _json["metadata"]?["lang"] is JsonValue value && value.TryGetValue<string>(out var tag) ? tag : null;

    /// <summary>Reads a notebook, or the cells of a <c>.dib</c> file. Cells without an id of their own get one.</summary>
    /// <exception cref="NotebookFormatException">The file is not a notebook of nbformat 4, or is a <c>.dib</c> file with cells in languages other than C#.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static NotebookDocument Read(string file)
    {
        ArgumentException.ThrowIfNullOrEmpty(file);
        return new(file, DibFile.IsNamed(file) ? DibFile.Parse(file) : NotebookReader.Parse(file));
    }

    /// <summary>Creates a notebook without cells, in C#.</summary>
    /// <param name="file">The file that it is meant for; it is not written.</param>
    public static NotebookDocument Create(string file)
    {
        ArgumentException.ThrowIfNullOrEmpty(file);
        return new(file, DibFile.Empty());
    }

    // Polyglot Notebooks writes the first two names, .NET Interactive before it the third.
    private string CellsLanguage => CellLanguage.FindIn(_json["metadata"], "polyglot_notebook", "kernelInfo", "defaultKernelName")
        ?? CellLanguage.FindIn(_json["metadata"], "dotnet_interactive", "defaultKernelName")
        ?? CellLanguage.FindIn(_json["metadata"], "dotnet_interactive", "language")
        ?? CellLanguage.CSharp;

    /// <summary>Checks that the code can be run here.</summary>
    /// <exception cref="NotebookFormatException">The notebook says that its code, or that of a cell, is in a language without a kernel here.</exception>
    internal void RequireCSharp()
    {
        if (Language is { } language && CellLanguage.Find(language) != CellLanguage.CSharp)
            throw new NotebookFormatException(Path, $"it is written in {language}; only C# can be run.");
        foreach (var (index, cell) in _cells.Index().Where(cell => cell.Item.Kind == CellKind.Code))
        {
            if (LanguageOf(cell) is var other && !CellLanguage.HasKernel(other))
                throw new NotebookFormatException(Path, string.Create(CultureInfo.InvariantCulture, $"cell {index + 1} is in {other}; only C#, HTML, HTTP, JavaScript, Markdown, and Mermaid can be run."));
        }
    }

    /// <summary>Returns the language of a code cell, as .NET Interactive names it, such as <c>csharp</c>.</summary>
    public string LanguageOf(NotebookCell cell) => (cell ?? throw new ArgumentNullException(nameof(cell))).Language ?? CellsLanguage;

    /// <summary>Returns what a kernel runs for a code cell: its source, behind a directive with its language where that is not C#.</summary>
    public string CodeOf(NotebookCell cell) => LanguageOf(cell) is var language && language == CellLanguage.CSharp ? cell.Source : $"#!{language}\n{cell.Source}";

    /// <summary>Gets the name of the kernel that the notebook asks for; null if it names none.</summary>
    public string? KernelName =>
        (_json["metadata"]?["kernelspec"] as JsonObject)?["name"] is JsonValue value && value.TryGetValue<string>(out var name) ? name : null;

    /// <summary>Lets the notebook ask for another kernel.</summary>
    /// <param name="name">The kernel's name.</param>
    /// <param name="displayName">The name that people see.</param>
    /// <param name="language">Its language.</param>
    public void SetKernel(string name, string displayName, string language)
    {
        var metadata = (JsonObject)_json["metadata"]!;
        metadata["kernelspec"] = new JsonObject { ["display_name"] = displayName, ["language"] = language, ["name"] = name };
        metadata.Remove("language_info");
    }

    /// <summary>Inserts a new cell.</summary>
    /// <param name="index">Its index; cells from there on move back.</param>
    /// <param name="kind">What it holds.</param>
    /// <param name="source">Its code or text.</param>
    /// <returns>The cell, with an id of its own.</returns>
    public NotebookCell Insert(int index, CellKind kind, string source = "")
    {
        var json = new JsonObject { ["cell_type"] = kind.ToString().ToLowerInvariant(), ["id"] = NewId(), ["metadata"] = new JsonObject(), ["source"] = MultilineText.Write(source) };
        var cell = new NotebookCell(json, new JsonPlace(Path, "a new cell"));
        Insert(index, cell);
        return cell;
    }

    /// <summary>Inserts a cell that was removed from this notebook.</summary>
    public void Insert(int index, NotebookCell cell)
    {
        ArgumentNullException.ThrowIfNull(cell);
        ((JsonArray)_json["cells"]!).Insert(index, cell.Json);
        _cells.Insert(index, cell);
    }

    /// <summary>Replaces a cell by one of another kind, with the same id, source, and metadata.</summary>
    public NotebookCell ChangeKind(NotebookCell cell, CellKind kind)
    {
        ArgumentNullException.ThrowIfNull(cell);
        var json = (JsonObject)cell.Json.DeepClone();
        json["cell_type"] = kind.ToString().ToLowerInvariant();
        foreach (var ofCode in new[] { "outputs", "execution_count" }) json.Remove(ofCode);
        var changed = new NotebookCell(json, new JsonPlace(Path, cell.Id));
        var index = _cells.IndexOf(cell);
        Remove(cell);
        Insert(index, changed);
        return changed;
    }

    private string NewId()
    {
        while (true)
        {
            var id = Guid.NewGuid().ToString("N")[..8];
            if (_cells.All(cell => cell.Id != id)) return id;
        }
    }

    /// <summary>Puts a cell with code at this index, which pushes back the cells from there on.</summary>
    internal void InsertCode(int index, string id, string tag, string source)
    {
        var json = new JsonObject
        {
            ["cell_type"] = "code",
            ["execution_count"] = null,
            ["id"] = id,
            ["metadata"] = new JsonObject { ["tags"] = new JsonArray(tag) },
            ["outputs"] = new JsonArray(),
            ["source"] = MultilineText.Write(source),
        };
        ((JsonArray)_json["cells"]!).Insert(index, json);
        CellIds.Complete([.. ((JsonArray)_json["cells"]!).Select(cell => (JsonObject)cell!)]);
        _cells.Insert(index, new NotebookCell(json, new JsonPlace(Path, id)));
    }

    /// <summary>Removes a cell.</summary>
    public void Remove(NotebookCell cell)
    {
        ArgumentNullException.ThrowIfNull(cell);
        var index = _cells.IndexOf(cell);
        ((JsonArray)_json["cells"]!).RemoveAt(index);
        _cells.RemoveAt(index);
    }

    /// <summary>Writes the notebook, or its cells where the name ends in <c>.dib</c>, whole or not at all; the folder is made if it is missing, a file of that name is replaced.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string file)
    {
        ArgumentException.ThrowIfNullOrEmpty(file);
        AtomicFile.WriteAllText(file, Write(file));
    }

    /// <summary>Returns the text that <see cref="Save"/> writes to a file of this name.</summary>
    public string Write(string file) => DibFile.IsNamed(file) ? DibFile.Write(this, _json) : JupyterJson.Write(_json);
}
