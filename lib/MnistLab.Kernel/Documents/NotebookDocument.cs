using System.Globalization;
using System.Text.Json.Nodes;
using MnistLab.Hosting;
using MnistLab.Kernel.Directives;

namespace MnistLab.Kernel.Documents;

/// <summary>
/// Represents a Jupyter notebook. Reads nbformat 4.x and writes 4.5 (https://nbformat.readthedocs.io), or a later minor
/// version if the file has one. Members of the notebook and its cells that this class does not know are preserved.
/// </summary>
public sealed class NotebookDocument
{
    /// <summary>The extension of notebook files.</summary>
    public const string Extension = ".ipynb";

    private const int WrittenMinor = 5;

    private readonly JsonObject _json;
    private readonly List<NotebookCell> _cells;

    private NotebookDocument(string path, JsonObject json)
    {
        (Path, _json) = (path, json);
        var notebook = new JsonPlace(path, "the notebook");
        if (json["metadata"] is not JsonObject)
            json["metadata"] = json["metadata"] is null ? new JsonObject() : throw notebook.Wrong("has 'metadata' that is not an object");
        if (!(notebook.OptionalNumber(json, "nbformat_minor") >= WrittenMinor)) json["nbformat_minor"] = WrittenMinor;

        var cells = ((JsonArray)json["cells"]!)
            .Select((cell, index) => (Node: cell, Place: new JsonPlace(
                path, string.Create(CultureInfo.InvariantCulture, $"cell {index + 1}"))))
            .Select(cell => (Json: cell.Place.Object(cell.Node), cell.Place))
            .ToList();
        CellIds.Complete([.. cells.Select(cell => cell.Json)]);
        _cells = [.. cells.Select(cell => new NotebookCell(cell.Json, cell.Place))];
    }

    /// <summary>Gets the path that was passed to <see cref="Read"/> or <see cref="Create"/>.</summary>
    public string Path { get; }

    /// <summary>Gets the cells, from top to bottom.</summary>
    public IReadOnlyList<NotebookCell> Cells => _cells;

    /// <summary>
    /// Gets the programming language that the notebook specifies (<c>metadata.kernelspec.language</c>); null if there
    /// is none.
    /// </summary>
    public string? Language => (Metadata["kernelspec"] as JsonObject)?["language"] is JsonValue value
        && value.TryGetValue<string>(out var name) ? name : null;

    /// <summary>
    /// Gets or sets the language of the text (<c>metadata.lang</c>), as a BCP 47 tag; null if the notebook does not
    /// specify one.
    /// </summary>
    public string? TextLanguage
    {
        get => Metadata["lang"] is JsonValue value && value.TryGetValue<string>(out var tag) ? tag : null;
        set
        {
            if (value is null) Metadata.Remove("lang");
            else Metadata["lang"] = value;
        }
    }

    /// <summary>
    /// Reads a notebook, or a <c>.dib</c> file. Assigns an ID to each cell that has no valid, unique one.
    /// </summary>
    /// <exception cref="NotebookFormatException">
    /// The file is not a notebook of nbformat 4, or is a <c>.dib</c> file with a cell in a language that cannot be run
    /// or with invalid metadata.
    /// </exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static NotebookDocument Read(string file)
    {
        ArgumentException.ThrowIfNullOrEmpty(file);
        return new(file, DibFile.IsNamed(file) ? DibFile.Parse(file) : NotebookReader.Parse(file));
    }

    /// <summary>Creates a C# notebook without cells.</summary>
    /// <param name="file">The path of the notebook. The file is not written.</param>
    public static NotebookDocument Create(string file)
    {
        ArgumentException.ThrowIfNullOrEmpty(file);
        return new(file, DibFile.Empty());
    }

    /// <summary>Returns a copy, whose changes do not affect this notebook.</summary>
    public NotebookDocument Copy() => new(Path, (JsonObject)_json.DeepClone());

    private JsonObject Metadata => (JsonObject)_json["metadata"]!;

    // Polyglot Notebooks writes the first two members, and early versions of .NET Interactive the third.
    private string CellsLanguage => CellLanguage.FindIn(Metadata, "polyglot_notebook", "kernelInfo", "defaultKernelName")
        ?? CellLanguage.FindIn(Metadata, "dotnet_interactive", "defaultKernelName")
        ?? CellLanguage.FindIn(Metadata, "dotnet_interactive", "language")
        ?? CellLanguage.CSharp;

    /// <summary>
    /// Validates that the notebook is in C#, and that there is a kernel for the language of each code cell.
    /// </summary>
    /// <exception cref="NotebookFormatException">
    /// The language of the notebook is not C#, or the kernel does not support the language of a code cell.
    /// </exception>
    internal void RequireCSharp()
    {
        if (Language is { } language && CellLanguage.Find(language) != CellLanguage.CSharp)
            throw new NotebookFormatException(Path, $"its language is {language}; only C# can be run.");
        foreach (var (index, cell) in _cells.Index().Where(cell => cell.Item.Kind == CellKind.Code))
        {
            if (LanguageOf(cell) is var other && !CellLanguage.HasKernel(other))
                throw new NotebookFormatException(Path, string.Create(
                    CultureInfo.InvariantCulture,
                    $"cell {index + 1} is in {other}; only C#, HTML, HTTP, JavaScript, Markdown, and Mermaid can be run."));
        }
    }

    /// <summary>Returns the language of a code cell, as .NET Interactive names it, such as <c>csharp</c>.</summary>
    public string LanguageOf(NotebookCell cell) => (cell ?? throw new ArgumentNullException(nameof(cell))).Language ?? CellsLanguage;

    /// <summary>
    /// Returns the code that a kernel runs for a code cell: its source, preceded by the directive of its language if
    /// that is not C#.
    /// </summary>
    public string CodeOf(NotebookCell cell) => LanguageOf(cell) is var language && language == CellLanguage.CSharp
        ? cell.Source
        : $"#!{language}\n{cell.Source}";

    /// <summary>Gets the name of the kernel that the notebook specifies; null if there is none.</summary>
    public string? KernelName =>
        (Metadata["kernelspec"] as JsonObject)?["name"] is JsonValue value
            && value.TryGetValue<string>(out var name) ? name : null;

    /// <summary>Sets the kernel that the notebook specifies.</summary>
    /// <param name="name">The name of the kernel.</param>
    /// <param name="displayName">The display name of the kernel.</param>
    /// <param name="language">The language of the kernel.</param>
    public void SetKernel(string name, string displayName, string language)
    {
        Metadata["kernelspec"] = new JsonObject { ["display_name"] = displayName, ["language"] = language, ["name"] = name };
        Metadata.Remove("language_info");
    }

    /// <summary>Inserts a new cell.</summary>
    /// <param name="index">The index of the new cell; the cells from there on move down.</param>
    /// <param name="kind">The kind of the cell.</param>
    /// <param name="source">The code or text of the cell.</param>
    /// <returns>The cell, with a unique ID.</returns>
    public NotebookCell Insert(int index, CellKind kind, string source = "")
    {
        var json = new JsonObject
        {
            ["cell_type"] = kind.ToString().ToLowerInvariant(),
            ["id"] = NewId(),
            ["metadata"] = new JsonObject(),
            ["source"] = MultilineText.Write(source)
        };
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

    /// <summary>Replaces a cell with one of another kind that has the same ID, source, and metadata.</summary>
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

    /// <summary>Inserts a code cell that was not run.</summary>
    /// <param name="index">The index of the new cell; the cells from there on move down.</param>
    /// <param name="id">The ID of the cell; replaced if it is not valid or if another cell has the same one.</param>
    /// <param name="source">The code of the cell.</param>
    /// <param name="tags">The tags of the cell.</param>
    public void InsertCode(int index, string id, string source, params IEnumerable<string> tags)
    {
        var metadata = new JsonObject();
        if (tags.Any()) metadata["tags"] = new JsonArray([.. tags.Select(tag => (JsonNode)tag)]);
        var json = new JsonObject
        {
            ["cell_type"] = "code",
            ["execution_count"] = null,
            ["id"] = id,
            ["metadata"] = metadata,
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

    /// <summary>
    /// Writes the notebook, in the <c>.dib</c> format if the name ends in <c>.dib</c>. The write is atomic. Creates the
    /// folder if it is missing, and replaces an existing file.
    /// </summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string file)
    {
        ArgumentException.ThrowIfNullOrEmpty(file);
        AtomicFile.WriteAllText(file, Write(file));
    }

    /// <summary>Returns the text that <see cref="Save"/> writes to a file of this name.</summary>
    public string Write(string file) => DibFile.IsNamed(file) ? DibFile.Write(this, _json) : JupyterJson.Write(_json);
}
