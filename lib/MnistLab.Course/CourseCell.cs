using System.Text.Json.Nodes;
using MnistLab.Kernel;

namespace MnistLab.Course;

/// <summary>A cell of a notebook of the course: its text is what is read and changed here, its results are left alone.</summary>
public sealed class CourseCell
{
    private readonly JsonObject _json;

    internal CourseCell(JsonObject json) => _json = json;

    /// <summary>The cell's id, unique in its notebook.</summary>
    public string Id => (string?)_json["id"] ?? "";

    /// <summary>Whether it holds code, rather than text.</summary>
    public bool IsCode => (string?)_json["cell_type"] == "code";

    /// <summary>Its tags, such as <c>parameters</c>.</summary>
    public IReadOnlyList<string> Tags => _json["metadata"]?["tags"] is JsonArray tags ? [.. tags.Select(tag => (string)tag!)] : [];

    /// <summary>Whether it has results of a run.</summary>
    public bool HasResults => _json["outputs"] is JsonArray { Count: > 0 } || _json["execution_count"] is not null;

    /// <summary>The code or text, with line feeds between its lines.</summary>
    public string Source
    {
        get => _json["source"] is JsonArray lines ? string.Concat(lines.Select(line => (string?)line)) : (string?)_json["source"] ?? "";
        internal set => _json["source"] = MultilineText.Write(value);
    }
}
