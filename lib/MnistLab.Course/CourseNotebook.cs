using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using MnistLab.Hosting;
using MnistLab.Kernel;

namespace MnistLab.Course;

/// <summary>A notebook of the course, as its author, its translator and its examiner see it.</summary>
public sealed partial class CourseNotebook
{
    private readonly JsonObject _json;

    private CourseNotebook(string file, JsonObject json)
    {
        (File, _json) = (file, json);
        Cells = [.. ((JsonArray)json["cells"]!).Select(cell => new CourseCell((JsonObject)cell!))];
    }

    /// <summary>The file it was read from.</summary>
    public string File { get; }

    /// <summary>The file's name without its ending, such as <c>1-prepare</c>.</summary>
    public string Name => Path.GetFileNameWithoutExtension(File);

    /// <summary>The language that its text is in, as the name of a language's folder; null for the language of the original.</summary>
    public string? Language
    {
        get => (string?)_json["metadata"]?["lang"];
        internal set
        {
            if (_json["metadata"] is not JsonObject metadata) _json["metadata"] = metadata = new JsonObject();
            metadata["lang"] = value;
        }
    }

    /// <summary>The cells, from top to bottom.</summary>
    public IReadOnlyList<CourseCell> Cells { get; private set; }

    /// <summary>The cells of text.</summary>
    public IEnumerable<CourseCell> Texts => Cells.Where(cell => !cell.IsCode);

    /// <summary>The cells of code.</summary>
    public IEnumerable<CourseCell> Code => Cells.Where(cell => cell.IsCode);

    /// <summary>What the texts claim of the run, in order.</summary>
    public IEnumerable<Claim> Claims => Texts.SelectMany(Claim.In);

    /// <summary>The hidden answers of the exercises that are code, in order.</summary>
    public IEnumerable<ExerciseAnswer> Answers => Texts.Except(Steps.Select(step => step.Text)).SelectMany(ExerciseAnswer.In);

    /// <summary>The steps in which the reader writes code, in order: the text with the task and the solution, and the cell with the skeleton.</summary>
    public IEnumerable<(CourseCell Text, CourseCell Skeleton)> Steps =>
        Cells.Zip(Cells.Skip(1)).Where(pair => pair.Second.Tags.Contains(ExerciseSolutions.Tag));

    /// <summary>Reads a notebook.</summary>
    /// <exception cref="CourseException">It is no notebook.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static CourseNotebook Read(string file)
    {
        ArgumentException.ThrowIfNullOrEmpty(file);
        try
        {
            var json = JsonNode.Parse(System.IO.File.ReadAllText(file)) as JsonObject;
            return json?["cells"] is JsonArray cells && cells.All(cell => cell is JsonObject)
                ? new CourseNotebook(file, json)
                : throw new CourseException(file, "it has no list of cells, so it is no notebook. Open it in Jupyter and save it.");
        }
        catch (JsonException error)
        {
            throw new CourseException(file, $"it is not JSON: {error.Message}");
        }
    }

    /// <summary>The notebook's text as its file has it.</summary>
    public override string ToString() => JupyterJson.Write(_json);

    /// <summary>Writes it, whole or not at all.</summary>
    public void Save(string file) => AtomicFile.WriteAllText(file, ToString());

    /// <summary>The notebook with links to files that lead from another folder to where they led; those to notebooks stay, as these are shown together.</summary>
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
