using System.Globalization;
using System.Text.Json.Nodes;

namespace MnistLab.Kernel;

/// <summary>
/// A Jupyter notebook: nbformat 4.x is read, 4.5 written (https://nbformat.readthedocs.io). All that this class does not know, in the notebook
/// and in its cells, stays as it was in the file.
/// </summary>
public sealed class NotebookDocument
{
    private const int WrittenMinor = 5;

    private readonly JsonObject _json;

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
        Cells = [.. cells.Select(cell => new NotebookCell(cell.Json, cell.Place))];
    }

    /// <summary>The file that the notebook was read from, as it was named to <see cref="Read"/>.</summary>
    public string Path { get; }

    /// <summary>The cells, from top to bottom.</summary>
    public IReadOnlyList<NotebookCell> Cells { get; }

    /// <summary>The language that the notebook says its code is in (<c>metadata.kernelspec.language</c>), or null.</summary>
    public string? Language => (_json["metadata"]?["kernelspec"] as JsonObject)?["language"] is JsonValue value && value.TryGetValue<string>(out var name) ? name : null;

    /// <summary>Reads a notebook. Cells without an id of their own get one.</summary>
    /// <exception cref="NotebookFormatException">The file is not a notebook of nbformat 4.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static NotebookDocument Read(string file)
    {
        ArgumentException.ThrowIfNullOrEmpty(file);
        return new(file, NotebookReader.Parse(file));
    }

    /// <summary>Writes the notebook, whole or not at all; the folder is made if it is missing, a file of that name is replaced.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string file)
    {
        ArgumentException.ThrowIfNullOrEmpty(file);
        WholeFile.Write(file, JupyterJson.Write(_json));
    }
}
