using System.Text;
using System.Text.Json.Nodes;

namespace MnistLab.Kernel;

/// <summary>A request of a front end, and the ways to answer it.</summary>
internal sealed class JupyterRequest(JupyterMessage message, JupyterChannel channel, JupyterSockets sockets, string session)
{
    private const string RequestSuffix = "_request";

    public string Type => message.Type;

    public JsonObject Content => message.Content;

    /// <summary>The text of this name; empty if there is none.</summary>
    public string Text(string name) => Value(name, "");

    /// <summary>The value of this name, or the default where there is none or one of another kind.</summary>
    public T Value<T>(string name, T otherwise) => Content[name] is JsonValue value && value.TryGetValue<T>(out var found) ? found : otherwise;

    /// <summary>Sends the answer to whoever sent the request.</summary>
    public void Reply(JsonObject content) =>
        sockets.Send(channel, message.Child(message.Type.Replace(RequestSuffix, "_reply", StringComparison.Ordinal), content, session, message.Identities));

    /// <summary>Tells all front ends what happens because of this request.</summary>
    public void Publish(string type, JsonObject content) =>
        sockets.Send(JupyterChannel.IOPub, message.Child(type, content, session, [Encoding.ASCII.GetBytes($"kernel.{session}.{type}")]));

    /// <summary>Puts a question to the person at the front end that sent the request.</summary>
    public void Ask(JsonObject content) =>
        sockets.Send(JupyterChannel.Stdin, message.Child("input_request", content, session, message.Identities));

    public void PublishState(string state) => Publish("status", new() { ["execution_state"] = state });
}
