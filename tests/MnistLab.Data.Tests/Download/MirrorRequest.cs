using System.Text;

namespace MnistLab.Data.Tests;

/// <summary>Represents a request and the connection for its response.</summary>
public sealed class MirrorRequest(string target, IReadOnlyDictionary<string, string> headers, Stream connection, CancellationToken stopped)
{
    public string Target => target;

    public string FileName => target[(target.LastIndexOf('/') + 1)..];

    public string? Header(string name) => headers.GetValueOrDefault(name);

    /// <summary>Waits as long as the server runs.</summary>
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

    /// <summary>Sends a complete body with status 200.</summary>
    public async Task OkAsync(byte[] body)
    {
        await StatusAsync("200 OK", $"Content-Length: {body.Length}");
        await SendAsync(body);
    }

    /// <summary>Sends a file, or its beginning.</summary>
    /// <param name="body">The whole file.</param>
    /// <param name="cutAt">
    /// The position in the file at which the connection is closed; null to send the whole file.
    /// </param>
    public async Task FileAsync(byte[] body, int? cutAt = null)
    {
        await StatusAsync("200 OK", $"Content-Length: {body.Length}");
        await SendAsync(body.AsMemory(0, cutAt ?? body.Length));
    }
}
