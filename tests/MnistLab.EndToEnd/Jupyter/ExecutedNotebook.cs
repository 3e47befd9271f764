using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace MnistLab.EndToEnd;

/// <summary>Represents the code cells of an executed notebook and their outputs.</summary>
public sealed partial class ExecutedNotebook
{
    private ExecutedNotebook(IReadOnlyList<ExecutedCell> cells) => Cells = cells;

    /// <summary>Gets the code cells of the notebook itself, from top to bottom.</summary>
    public IReadOnlyList<ExecutedCell> Cells { get; }

    /// <summary>Parses a notebook.</summary>
    /// <param name="json">The content of the file.</param>
    /// <param name="workspace">The folder of the workspace; <c>WORKSPACE</c> replaces it in the outputs.</param>
    public static ExecutedNotebook Parse(string json, string workspace)
    {
        var notebook = JsonNode.Parse(json.Replace(workspace, "WORKSPACE", StringComparison.Ordinal))!;
        var cells = notebook["cells"]!.AsArray().OfType<JsonObject>();
        return new([.. cells.Where(cell => (string?)cell["cell_type"] == "code" && !IsInjected(cell)).Select(Cell)]);
    }

    /// <summary>
    /// Returns the text with an ellipsis in place of each duration, timestamp, port, ID, and version.
    /// </summary>
    public static string Steady(string text) => Changing.Replace(text, "…");

    // The runner inserts the parameters that it was given.
    private static bool IsInjected(JsonObject cell) =>
        (cell["metadata"]?["tags"] as JsonArray ?? []).Any(tag => (string?)tag == "injected-parameters");

    private static ExecutedCell Cell(JsonObject cell) =>
        new((string)cell["id"]!, Joined(cell["source"]), [.. cell["outputs"]!.AsArray().Select(Shown)]);

    private static ShownOutput Shown(JsonNode? output) => (string)output!["output_type"]! switch
    {
        "stream" => new((string)output["name"]!, Text(Joined(output["text"]))),
        "error" => new("error", Text($"{(string?)output["ename"]}: {(string?)output["evalue"]}")),
        var type => new(type, output["data"]!.AsObject().ToDictionary(form => form.Key, form => Joined(form.Value))),
    };

    private static Dictionary<string, string> Text(string text) => new() { ["text"] = text };

    private static string Joined(JsonNode? text) => text switch
    {
        JsonArray lines => string.Concat(lines.Select(line => (string?)line)),
        JsonValue value when value.TryGetValue<string>(out var whole) => whole,
        _ => text?.ToJsonString() ?? "",
    };

    [GeneratedRegex("""
        \d+(,\d{3})*(\.\d+)?[ ]?((ms|s|seconds|images/s)\b|(张图像/)?秒)
        | \d{4}-\d\d-\d\d[T ][\d:.]+(Z|\+\d\d:\d\d)?
        | [0-9a-f]{8}-[0-9a-f-]{27} | [0-9a-f]{32}
        | 127\.0\.0\.1:\d+
        | V\d{4} | \d+\.\d+\.\d+
        | \d\d:\d\d:\d\d
        """, RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Changing { get; }
}
