using System.Text.Json.Nodes;

namespace MnistLab.Kernel.Documents;

/// <summary>
/// Reads and writes the outputs of a cell in nbformat 4:
/// https://nbformat.readthedocs.io/en/latest/format_description.html#code-cell-outputs.
/// </summary>
internal static class OutputJson
{
    public static NotebookOutput Read(JsonObject output, JsonPlace place) => place.Text(output, "output_type") switch
    {
        "stream" => new StreamOutput(ReadStreamName(output, place), place.MultilineText(output, "text")),
        "display_data" => new DisplayOutput(ReadBundle(output, place)) { Metadata = ReadMetadata(output) },
        "execute_result" =>
            new ResultOutput(place.OptionalNumber(output, "execution_count") ?? 0, ReadBundle(output, place))
            {
                Metadata = ReadMetadata(output),
            },
        "error" => new ErrorOutput(place.Text(output, "ename"), place.Text(output, "evalue"), ReadTraceback(output, place)),
        var unknown => throw place.Wrong($"has the output_type '{unknown}', which nbformat 4 does not define"),
    };

    public static JsonObject Write(NotebookOutput output) => output switch
    {
        StreamOutput stream => new()
        {
            ["output_type"] = "stream",
            ["name"] = stream.Name == StreamName.Stdout ? "stdout" : "stderr",
            ["text"] = MultilineText.Write(stream.Text),
        },
        DisplayOutput display => new()
        {
            ["output_type"] = "display_data",
            ["data"] = WriteBundle(display.Data),
            ["metadata"] = display.Metadata?.DeepClone() ?? new JsonObject(),
        },
        ResultOutput result => new()
        {
            ["output_type"] = "execute_result",
            ["execution_count"] = result.ExecutionCount,
            ["data"] = WriteBundle(result.Data),
            ["metadata"] = result.Metadata?.DeepClone() ?? new JsonObject(),
        },
        ErrorOutput error => new()
        {
            ["output_type"] = "error",
            ["ename"] = error.Name,
            ["evalue"] = error.Message,
            ["traceback"] = new JsonArray([.. error.Traceback.Select(line => JsonValue.Create(line))]),
        },
        _ => throw new ArgumentException($"{output.GetType().Name} cannot be represented in nbformat.", nameof(output)),
    };

    private static JsonObject? ReadMetadata(JsonObject output) =>
        output["metadata"] is JsonObject { Count: > 0 } metadata ? (JsonObject)metadata.DeepClone() : null;

    private static StreamName ReadStreamName(JsonObject output, JsonPlace place) => place.Text(output, "name") switch
    {
        "stdout" => StreamName.Stdout,
        "stderr" => StreamName.Stderr,
        var unknown => throw place.Wrong($"has the stream name '{unknown}'; only 'stdout' and 'stderr' are valid"),
    };

    private static IReadOnlyList<string> ReadTraceback(JsonObject output, JsonPlace place) => output["traceback"] is JsonArray lines
        ? [.. lines.Select(line => place.TextOf(line, "traceback"))]
        : throw place.Wrong("has no list 'traceback'");

    private static MimeBundle ReadBundle(JsonObject output, JsonPlace place)
    {
        if (output["data"] is not JsonObject data) throw place.Wrong("has no object 'data'");
        return data.Aggregate(MimeBundle.Empty, (bundle, form) => form switch
        {
            { Key: "" } => throw place.Wrong("has data without a MIME type"),
            _ when MimeBundle.IsJson(form.Key) => bundle.With(form.Key, form.Value),
            _ => bundle.With(form.Key, place.MultilineText(data, form.Key)),
        });
    }

    private static JsonObject WriteBundle(MimeBundle bundle) => new(bundle.Select(form => KeyValuePair.Create(
        form.Key,
        MimeBundle.IsJson(form.Key) || IsBase64(form.Key)
            ? form.Value?.DeepClone()
            : MultilineText.Write(form.Value!.GetValue<string>()))));

    private static bool IsBase64(string mimeType) =>
        !mimeType.StartsWith("text/", StringComparison.Ordinal) && !mimeType.EndsWith("+xml", StringComparison.Ordinal);
}
