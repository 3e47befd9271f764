using System.Globalization;
using System.Text;

namespace MnistLab.Data.Tests;

/// <summary>A request as it came, and the connection to answer it on.</summary>
public sealed class MirrorRequest(string target, IReadOnlyDictionary<string, string> headers, Stream connection, CancellationToken stopped)
{
    public string Target => target;

    public string FileName => target[(target.LastIndexOf('/') + 1)..];

    public string? Header(string name) => headers.GetValueOrDefault(name);

    /// <summary>From which byte on the file is asked for.</summary>
    public int Offset => Header("Range") is { } range ? int.Parse(range["bytes=".Length..^1], CultureInfo.InvariantCulture) : 0;

    /// <summary>Waits, as long as the server runs.</summary>
    public Task HangAsync() => Task.Delay(Timeout.Infinite, stopped);

    public Task PauseAsync(TimeSpan pause) => Task.Delay(pause, stopped);

    public Task SendAsync(string text) => SendAsync(Encoding.ASCII.GetBytes(text));

    public async Task SendAsync(ReadOnlyMemory<byte> bytes)
    {
        await connection.WriteAsync(bytes, stopped);
        await connection.FlushAsync(stopped);
    }

    public Task StatusAsync(string status, params string[] moreHeaders) =>
        SendAsync($"HTTP/1.1 {status}\r\nConnection: close\r\n{string.Concat(moreHeaders.Select(header => header + "\r\n"))}\r\n");

    /// <summary>A whole body, with status 200.</summary>
    public async Task OkAsync(byte[] body)
    {
        await StatusAsync("200 OK", $"Content-Length: {body.Length}");
        await SendAsync(body);
    }

    /// <summary>A file, or the rest of it if that is what was asked for and <c>If-Range</c> agrees.</summary>
    /// <param name="body">The whole file.</param>
    /// <param name="validator">A header that says which version it is, such as <c>ETag: "1"</c>.</param>
    /// <param name="cutAt">Where in the file the connection is cut; null to send all.</param>
    public async Task FileAsync(byte[] body, string? validator = null, int? cutAt = null)
    {
        var isRest = Header("Range") is not null && (Header("If-Range") is not { } condition || validator?.EndsWith(condition, StringComparison.Ordinal) == true);
        var offset = isRest ? Offset : 0;
        if (isRest && offset >= body.Length)
        {
            await StatusAsync("416 Range Not Satisfiable", $"Content-Range: bytes */{body.Length}", "Content-Length: 0");
            return;
        }

        List<string> lines = [$"Content-Length: {body.Length - offset}"];
        if (isRest) lines.Add($"Content-Range: bytes {offset}-{body.Length - 1}/{body.Length}");
        if (validator is not null) lines.Add(validator);
        await StatusAsync(isRest ? "206 Partial Content" : "200 OK", [.. lines]);
        await SendAsync(body.AsMemory(offset, (cutAt ?? body.Length) - offset));
    }
}
