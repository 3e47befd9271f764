using System.Globalization;
using System.Text.Json.Nodes;

namespace MnistLab.Kernel;

/// <summary>A message of Jupyter's protocol: https://jupyter-client.readthedocs.io/en/latest/messaging.html.</summary>
/// <param name="Identities">On the way in: who sent it. On the way out: who gets it, or the topic.</param>
/// <param name="Header">What it is.</param>
/// <param name="Parent">The header of the message that it answers or belongs to; empty if there is none.</param>
/// <param name="Metadata">What the content does not tell.</param>
/// <param name="Content">What it says.</param>
internal sealed record JupyterMessage(IReadOnlyList<byte[]> Identities, JsonObject Header, JsonObject Parent, JsonObject Metadata, JsonObject Content)
{
    public const string ProtocolVersion = "5.3";

    public string Type => (string)Header["msg_type"]!;

    /// <summary>The session's id, which is the same in all messages of one kernel's life.</summary>
    public string Session => (string?)Header["session"] ?? "";

    /// <summary>A message that belongs to this one.</summary>
    public JupyterMessage Child(string type, JsonObject content, string session, IReadOnlyList<byte[]> identities)
    {
        var header = new JsonObject
        {
            ["msg_id"] = Guid.NewGuid().ToString("N"),
            ["session"] = session,
            ["username"] = "kernel",
            ["date"] = DateTime.UtcNow.ToString("O", CultureInfo.InvariantCulture),
            ["msg_type"] = type,
            ["version"] = ProtocolVersion,
        };
        return new(identities, header, Header, [], content);
    }
}
