using System.Net.Http.Headers;
using System.Text.Json;

namespace MnistLab.Data;

/// <summary>Which version of a file the beginning of it is that has arrived: what has to be the same for the rest to fit.</summary>
/// <param name="EntityTag">The server's strong entity tag, quotes included; null if it has none. A weak one does not promise the same bytes (RFC 9110, 13.1.5).</param>
/// <param name="LastModified">When the server says that the file was changed last.</param>
/// <param name="Total">How many bytes the file has, if the server says so.</param>
internal sealed record PartOrigin(string? EntityTag, DateTimeOffset? LastModified, long? Total)
{
    public static PartOrigin Of(HttpResponseMessage answer, long? total) =>
        new(answer.Headers.ETag is { IsWeak: false } tag ? tag.Tag : null, answer.Content.Headers.LastModified, total);

    /// <summary>Reads what was noted; null if there is nothing, or nothing that can be used: the file then starts anew.</summary>
    public static PartOrigin? Read(string path)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(path), DownloadJson.Default.PartOrigin);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException or JsonException)
        {
            return null;
        }
    }

    public void Write(string path) => File.WriteAllBytes(path, JsonSerializer.SerializeToUtf8Bytes(this, DownloadJson.Default.PartOrigin));

    /// <summary>Lets the server send the rest only if the beginning is of the same version. Without a mark of the version the content's hash has to tell.</summary>
    public RangeConditionHeaderValue? Condition() => this switch
    {
        { EntityTag: { } tag } => new RangeConditionHeaderValue(new EntityTagHeaderValue(tag)),
        { LastModified: { } date } => new RangeConditionHeaderValue(date),
        _ => null,
    };
}
