using System.Globalization;
using System.Text.Json.Nodes;

namespace MnistLab.Kernel.Jupyter;

/// <summary>
/// Represents a message of Jupyter's protocol: https://jupyter-client.readthedocs.io/en/latest/messaging.html.
/// </summary>
/// <param name="Identities">
/// The routing identities: of the sender for a received message, and of the recipient, or the topic, for a message to
/// send.
/// </param>
/// <param name="Header">The header, which includes the type and the ID of the message.</param>
/// <param name="Parent">The header of the message that caused this one; empty if there is none.</param>
/// <param name="Metadata">The metadata.</param>
/// <param name="Content">The content.</param>
public sealed record JupyterMessage(
    IReadOnlyList<byte[]> Identities, JsonObject Header, JsonObject Parent, JsonObject Metadata, JsonObject Content)
{
    /// <summary>The version of the protocol that messages follow.</summary>
    public const string ProtocolVersion = "5.3";

    /// <summary>Gets the type of the message, such as <c>execute_request</c>.</summary>
    public string Type => (string)Header["msg_type"]!;

    /// <summary>Gets the ID of the message; empty if there is none.</summary>
    public string Id => (string?)Header["msg_id"] ?? "";

    /// <summary>Gets the ID of the message that caused this one; null if there is none.</summary>
    public string? ParentId => (string?)Parent["msg_id"];

    /// <summary>Creates a request of a front end.</summary>
    /// <param name="type">The type of the message.</param>
    /// <param name="content">The content of the request.</param>
    /// <param name="session">The ID of the front end's session.</param>
    public static JupyterMessage Request(string type, JsonObject content, string session) =>
        new([], Headers(type, session, "user"), [], [], content);

    /// <summary>
    /// Gets the ID of the sender's session; empty if there is none. A kernel uses the same ID for its lifetime.
    /// </summary>
    public string Session => (string?)Header["session"] ?? "";

    /// <summary>Creates a message from the kernel with this message as its parent.</summary>
    public JupyterMessage Child(string type, JsonObject content, string session, IReadOnlyList<byte[]> identities) =>
        new(identities, Headers(type, session, "kernel"), Header, [], content);

    private static JsonObject Headers(string type, string session, string user) => new()
    {
        ["msg_id"] = Guid.NewGuid().ToString("N"),
        ["session"] = session,
        ["username"] = user,
        ["date"] = DateTime.UtcNow.ToString("O", CultureInfo.InvariantCulture),
        ["msg_type"] = type,
        ["version"] = ProtocolVersion,
    };
}
