using System.Globalization;
using System.Text.Json.Nodes;

namespace MnistLab.Kernel;

/// <summary>A message of Jupyter's protocol: https://jupyter-client.readthedocs.io/en/latest/messaging.html.</summary>
/// <param name="Identities">On the way in: who sent it. On the way out: who gets it, or the topic.</param>
/// <param name="Header">What it is.</param>
/// <param name="Parent">The header of the message that it answers or belongs to; empty if there is none.</param>
/// <param name="Metadata">What the content does not tell.</param>
/// <param name="Content">What it says.</param>
public sealed record JupyterMessage(IReadOnlyList<byte[]> Identities, JsonObject Header, JsonObject Parent, JsonObject Metadata, JsonObject Content)
{
    /// <summary>The version of the protocol that messages follow.</summary>
    public const string ProtocolVersion = "5.3";

    /// <summary>Gets the message's type, such as <c>execute_request</c>.</summary>
    public string Type => (string)Header["msg_type"]!;

    /// <summary>Gets the message's id.</summary>
    public string Id => (string?)Header["msg_id"] ?? "";

    /// <summary>Gets the id of the message that this one answers or belongs to; null if there is none.</summary>
    public string? ParentId => (string?)Parent["msg_id"];

    /// <summary>Creates a request of a front end.</summary>
    /// <param name="type">Its type.</param>
    /// <param name="content">What it asks.</param>
    /// <param name="session">The front end's session.</param>
    public static JupyterMessage Request(string type, JsonObject content, string session) =>
        new([], Headers(type, session, "user"), [], [], content);

    /// <summary>The session's id, which is the same in all messages of one kernel's life.</summary>
    public string Session => (string?)Header["session"] ?? "";

    /// <summary>A message that belongs to this one.</summary>
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
