using System.Text.Json.Nodes;
using MnistLab.Kernel;

namespace MnistLab.Course;

/// <summary>
/// Represents a cell of a course notebook. Only its source is read and changed here, never its results.
/// </summary>
public sealed class CourseCell
{
    private readonly JsonObject _json;

    internal CourseCell(JsonObject json) => _json = json;

    /// <summary>Gets the ID of the cell, unique in its notebook.</summary>
    public string Id => (string?)_json["id"] ?? "";

    /// <summary>Gets whether the cell contains code rather than text.</summary>
    public bool IsCode => (string?)_json["cell_type"] == "code";

    /// <summary>Gets the tags of the cell, such as <c>parameters</c>.</summary>
    public IReadOnlyList<string> Tags => _json["metadata"]?["tags"] is JsonArray tags ? [.. tags.Select(tag => (string)tag!)] : [];

    /// <summary>Gets whether the cell has results of a run.</summary>
    public bool HasResults => _json["outputs"] is JsonArray { Count: > 0 } || _json["execution_count"] is not null;

    /// <summary>Gets the code or text of the cell, with lines separated by line feeds.</summary>
    public string Source
    {
        get => _json["source"] is JsonArray lines ? string.Concat(lines.Select(line => (string?)line)) : (string?)_json["source"] ?? "";
        internal set => _json["source"] = MultilineText.Write(value);
    }
}
