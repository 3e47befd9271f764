using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace MnistLab.Kernel.Jupyter;

/// <summary>
/// Encodes and decodes messages as ZeroMQ frames: identities, a delimiter, a signature (HMAC-SHA256), and four JSON
/// objects.
/// </summary>
/// <param name="key">The key that signs messages; empty if they are not signed.</param>
public sealed class MessageFrames(string key)
{
    private const int JsonFrames = 4;

    private static readonly byte[] Delimiter = "<IDS|MSG>"u8.ToArray();
    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly byte[] _key = Encoding.UTF8.GetBytes(key);

    /// <summary>Returns the frames of a message.</summary>
    public IReadOnlyList<byte[]> Write(JupyterMessage message)
    {
        byte[][] parts = [.. new[] { message.Header, message.Parent, message.Metadata, message.Content }.Select(
            part => Encoding.UTF8.GetBytes(part.ToJsonString(Json)))];
        return [.. message.Identities, Delimiter, Encoding.ASCII.GetBytes(Sign(parts)), .. parts];
    }

    /// <summary>
    /// Returns the message in the frames; null if the frames are malformed or the signature is invalid.
    /// </summary>
    public JupyterMessage? Read(IReadOnlyList<byte[]> frames)
    {
        var delimiter = frames
            .Index()
            .Where(frame => frame.Item.AsSpan().SequenceEqual(Delimiter))
            .Select(frame => frame.Index)
            .FirstOrDefault(-1);
        if (delimiter < 0 || frames.Count < delimiter + 2 + JsonFrames) return null;

        byte[][] parts = [.. frames.Skip(delimiter + 2).Take(JsonFrames)];
        if (!CryptographicOperations.FixedTimeEquals(frames[delimiter + 1], Encoding.ASCII.GetBytes(Sign(parts)))) return null;
        return parts.Select(Parse).ToArray() is [{ } header, { } parent, { } metadata, { } content]
            && IsText(header, "msg_type")
            && IsText(header, "msg_id")
            ? new([.. frames.Take(delimiter)], header, parent, metadata, content)
            : null;
    }

    private static bool IsText(JsonObject owner, string name) => owner[name]?.GetValueKind() == JsonValueKind.String;

    private static JsonObject? Parse(byte[] json)
    {
        try
        {
            return JsonNode.Parse(json) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private string Sign(byte[][] parts)
    {
        if (_key.Length == 0) return "";
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, _key);
        foreach (var part in parts) hash.AppendData(part);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
