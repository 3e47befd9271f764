using System.Text;
using System.Text.Json.Nodes;

namespace MnistLab.Kernel.Jupyter;

/// <summary>Represents a request of a front end, and sends the messages that it causes.</summary>
internal sealed class JupyterRequest(JupyterMessage message, JupyterChannel channel, JupyterSockets sockets, string session)
{
    private const string RequestSuffix = "_request";

    public string Type => message.Type;

    public JsonObject Content => message.Content;

    /// <summary>Returns a text member of the content; empty if there is none.</summary>
    public string Text(string name) => Value(name, "");

    /// <summary>
    /// Returns a member of the content, or the default value if the member is missing or has another type.
    /// </summary>
    public T Value<T>(string name, T otherwise) =>
        Content[name] is JsonValue value && value.TryGetValue<T>(out var found) ? found : otherwise;

    /// <summary>Sends the reply to the front end that sent the request.</summary>
    public void Reply(JsonObject content) =>
        sockets.Send(channel, message.Child(
            message.Type.Replace(RequestSuffix, "_reply", StringComparison.Ordinal),
            content,
            session,
            message.Identities));

    /// <summary>Broadcasts a message that this request caused to all front ends.</summary>
    public void Publish(string type, JsonObject content) =>
        sockets.Send(JupyterChannel.IOPub, message.Child(type, content, session, [Encoding.ASCII.GetBytes($"kernel.{session}.{type}")]));

    /// <summary>Requests input from the user of the front end that sent the request.</summary>
    public void Ask(JsonObject content) =>
        sockets.Send(JupyterChannel.Stdin, message.Child("input_request", content, session, message.Identities));

    public void PublishState(string state) => Publish("status", new() { ["execution_state"] = state });
}
