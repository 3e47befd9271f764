using System.Text.Json.Nodes;
using MnistLab.Kernel.Jupyter;

namespace MnistLab.Kernel.Tests;

/// <summary>Represents all messages that a kernel sent in response to a request.</summary>
internal sealed record Answer(IReadOnlyList<JupyterMessage> Messages)
{
    public JsonObject Reply => Messages.Single(message => message.Type.EndsWith("_reply", StringComparison.Ordinal)).Content;

    public string Status => (string)Reply["status"]!;

    /// <summary>Gets the types of the published messages, in order, without the reply.</summary>
    public IReadOnlyList<string> Published =>
        [.. Messages
            .Where(message => !message.Type.EndsWith("_reply", StringComparison.Ordinal))
            .Select(message => message.Type == "status" ? (string)message.Content["execution_state"]! : message.Type)];

    /// <summary>Gets the plain text of the cell's value; null if it has none.</summary>
    public string? Value => (string?)Of("execute_result").SingleOrDefault()?["data"]?["text/plain"];

    /// <summary>Returns all text that was written to a stream.</summary>
    public string Text(string stream = "stdout") => string.Concat(
        Of("stream").Where(content => (string?)content["name"] == stream).Select(content => (string?)content["text"]));

    public IEnumerable<JsonObject> Of(string type) => Messages.Where(message => message.Type == type).Select(message => message.Content);
}
