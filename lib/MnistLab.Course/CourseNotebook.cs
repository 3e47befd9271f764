using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using MnistLab.Hosting;
using MnistLab.Kernel;

namespace MnistLab.Course;

/// <summary>Represents a notebook of the course, with the members needed for translation and examination.</summary>
public sealed partial class CourseNotebook
{
    private readonly JsonObject _json;

    private CourseNotebook(string file, JsonObject json)
    {
        (File, _json) = (file, json);
        Cells = [.. ((JsonArray)json["cells"]!).Select(cell => new CourseCell((JsonObject)cell!))];
    }

    /// <summary>Gets the file that the notebook was read from.</summary>
    public string File { get; }

    /// <summary>Gets the name of the file without its extension, such as <c>1-prepare</c>.</summary>
    public string Name => Path.GetFileNameWithoutExtension(File);

    /// <summary>
    /// Gets the language of the text, as the name of the language's folder; null for the original language.
    /// </summary>
    public string? Language
    {
        get => (string?)_json["metadata"]?["lang"];
        internal set
        {
            if (_json["metadata"] is not JsonObject metadata) _json["metadata"] = metadata = new JsonObject();
            metadata["lang"] = value;
        }
    }

    /// <summary>Gets the cells, from top to bottom.</summary>
    public IReadOnlyList<CourseCell> Cells { get; private set; }

    /// <summary>Gets the text cells.</summary>
    public IEnumerable<CourseCell> Texts => Cells.Where(cell => !cell.IsCode);

    /// <summary>Gets the code cells.</summary>
    public IEnumerable<CourseCell> Code => Cells.Where(cell => cell.IsCode);

    /// <summary>Gets the claims that the texts make about the run, in order.</summary>
    public IEnumerable<Claim> Claims => Texts.SelectMany(Claim.In);

    /// <summary>Gets the hidden code answers of the exercises, in order, except those in <see cref="Steps"/>.</summary>
    public IEnumerable<ExerciseAnswer> Answers => Texts.Except(Steps.Select(step => step.Text)).SelectMany(ExerciseAnswer.In);

    /// <summary>
    /// Gets the steps in which the reader writes code, in order: the text cell with the task and the solution, and the
    /// code cell with the skeleton.
    /// </summary>
    public IEnumerable<(CourseCell Text, CourseCell Skeleton)> Steps =>
        Cells.Zip(Cells.Skip(1)).Where(pair => pair.Second.Tags.Contains(ExerciseSolutions.Tag));

    /// <summary>Reads a notebook.</summary>
    /// <exception cref="CourseException">The file is not a valid notebook.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static CourseNotebook Read(string file)
    {
        ArgumentException.ThrowIfNullOrEmpty(file);
        try
        {
            var json = JsonNode.Parse(System.IO.File.ReadAllText(file)) as JsonObject;
            return json?["cells"] is JsonArray cells && cells.All(cell => cell is JsonObject)
                ? new CourseNotebook(file, json)
                : throw new CourseException(file, "it has no list of cells, so it is not a notebook. Open it in Jupyter and save it.");
        }
        catch (JsonException error)
        {
            throw new CourseException(file, $"it is not JSON: {error.Message}");
        }
    }

    /// <summary>Returns the JSON text of the notebook, as written to its file.</summary>
    public override string ToString() => JupyterJson.Write(_json);

    /// <summary>Writes the notebook to a file atomically.</summary>
    public void Save(string file) => AtomicFile.WriteAllText(file, ToString());

    /// <summary>
    /// Returns a copy of the notebook with its relative links to files adjusted from one folder to another. Links to
    /// notebooks are unchanged, because all notebooks are shown on the same page.
    /// </summary>
    internal CourseNotebook WithLinksFrom(string folder, string newFolder)
    {
        var copy = Copy();
        foreach (var cell in copy.Texts)
        {
            cell.Source = FileLink().Replace(cell.Source, link =>
                $"]({Path.GetRelativePath(newFolder, Path.Combine(folder, link.Groups["file"].Value)).Replace(Path.DirectorySeparatorChar, '/')})");
        }

        return copy;
    }

    internal CourseNotebook Copy() => new(File, (JsonObject)_json.DeepClone());

    internal void Append(string id, string code)
    {
        ((JsonArray)_json["cells"]!).Add(new JsonObject
        {
            ["cell_type"] = "code",
            ["execution_count"] = null,
            ["id"] = id,
            ["metadata"] = new JsonObject(),
            ["outputs"] = new JsonArray(),
            ["source"] = MultilineText.Write(code),
        });
        Cells = [.. Cells, new CourseCell((JsonObject)((JsonArray)_json["cells"]!)[^1]!)];
    }

    [GeneratedRegex(@"\]\((?<file>(?![a-z]+:|#)[^)\s#]+(?<!\.ipynb))\)")]
    private static partial Regex FileLink();
}
