using System.Text.Json.Nodes;
using MnistLab.Kernel.Documents;
using MnistLab.Kernel.Jupyter;

namespace MnistLab.Studio.Outputs;

/// <summary>Converts messages of the kernel to outputs.</summary>
internal static class OutputMessages
{
    /// <summary>Returns the output in a message; null if it contains none.</summary>
    public static OutputState? Read(JupyterMessage message)
    {
        var content = message.Content;
        return message.Type switch
        {
            "stream" => new(
                new StreamOutput(
                    (string?)content["name"] == "stderr" ? StreamName.Stderr : StreamName.Stdout,
                    (string?)content["text"] ?? ""),
                isOwn: true),
            "display_data" => new(new DisplayOutput(DataOf(content)) { Metadata = MetadataOf(content) }, DisplayIdOf(content), isOwn: true),
            "execute_result" => new(
                new ResultOutput((int?)content["execution_count"] ?? 0, DataOf(content)) { Metadata = MetadataOf(content) },
                DisplayIdOf(content),
                isOwn: true),
            "error" => new(
                new ErrorOutput(
                    (string?)content["ename"] ?? "",
                    (string?)content["evalue"] ?? "",
                    [.. (content["traceback"] as JsonArray ?? []).Select(line => (string?)line ?? "")]),
                isOwn: true),
            _ => null,
        };
    }

    /// <summary>Returns the data of a display, by MIME type.</summary>
    public static MimeBundle DataOf(JsonObject content) =>
        (content["data"] as JsonObject ?? []).Aggregate(MimeBundle.Empty, (bundle, form) =>
            MimeBundle.IsJson(form.Key) ? bundle.With(form.Key, form.Value)
            : form.Value is JsonValue value && value.TryGetValue<string>(out var text) ? bundle.With(form.Key, text)
            : bundle);

    /// <summary>Returns the display ID, under which the kernel updates a display; null if it has none.</summary>
    public static string? DisplayIdOf(JsonObject content) => (string?)(content["transient"] as JsonObject)?["display_id"];

    private static JsonObject? MetadataOf(JsonObject content) =>
        content["metadata"] is JsonObject { Count: > 0 } metadata ? (JsonObject)metadata.DeepClone() : null;
}
