using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace MnistLab.Testing;

/// <summary>
/// Represents a proxy on the loopback interface, in front of an HTTP server, that applies to each request the fault
/// that the test chooses. Bodies need a Content-Length. The proxy assumes that each response belongs to the last
/// request of its connection, because HTTP/1.1 responses do not identify their requests.
/// </summary>
public sealed class FaultProxy : IAsyncDisposable
{
    private static readonly TimeSpan SlowPace = TimeSpan.FromMilliseconds(20);
    private const string BusyBody = "<Error><Code>SlowDown</Code><Message>Later.</Message></Error>";

    private static readonly byte[] BusyResponse = Encoding.ASCII.GetBytes(
        FormattableString.Invariant(
            $"HTTP/1.1 503 Slow Down\r\nContent-Type: application/xml\r\nContent-Length: {BusyBody.Length}\r\n\r\n{BusyBody}"));

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopped = new();
    private readonly ConcurrentQueue<(string RequestLine, Fault Fault)> _requests = new();
    private readonly Uri _upstream;
    private readonly Func<string, Fault> _choose;
    private readonly Task _accepting;

    /// <summary>Starts the proxy on a free port.</summary>
    /// <param name="upstream">The real server.</param>
    /// <param name="choose">Chooses the fault for the first line of a request; never called concurrently.</param>
    public FaultProxy(Uri upstream, Func<string, Fault> choose)
    {
        (_upstream, _choose) = (upstream, choose);
        _listener.Start();
        Endpoint = new Uri(FormattableString.Invariant($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}"));
        _accepting = AcceptAsync();
    }

    public Uri Endpoint { get; }

    /// <summary>Gets the requests, and the fault applied to each.</summary>
    public IReadOnlyCollection<(string RequestLine, Fault Fault)> Requests => _requests;

    public async ValueTask DisposeAsync()
    {
        await _stopped.CancelAsync();
        _listener.Stop();
        await _accepting;
        _stopped.Dispose();
    }

    private async Task AcceptAsync()
    {
        var connections = new List<Task>();
        try
        {
            while (true) connections.Add(ServeAsync(await _listener.AcceptSocketAsync(_stopped.Token)));
        }
        catch (Exception error) when (error is OperationCanceledException or ObjectDisposedException)
        {
        }

        await Task.WhenAll(connections);
    }

    private async Task ServeAsync(Socket socket)
    {
        await Task.Yield();
        using (socket)
        {
            try
            {
                await using var client = new NetworkStream(socket);
                while (await ReadHeadAsync(client) is { } head && await RespondAsync(socket, client, head))
                {
                }
            }
            catch (Exception error) when (error is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
            {
                // One side has closed the connection, which is the purpose of this proxy.
            }
        }
    }

    /// <returns>Whether the connection stays open.</returns>
    private async Task<bool> RespondAsync(Socket socket, NetworkStream client, string head)
    {
        var requestLine = head[..head.IndexOf('\r', StringComparison.Ordinal)];
        Fault fault;
        lock (_requests)
        {
            fault = _choose(requestLine);
            _requests.Enqueue((requestLine, fault));
        }

        var length = LengthOf(head) ?? 0;
        if (fault == Fault.ResetRequest)
        {
            await CopyAsync(client, Stream.Null, length / 2);
            return Reset(socket);
        }

        if (fault == Fault.Busy)
        {
            await CopyAsync(client, Stream.Null, length);
            await client.WriteAsync(BusyResponse, _stopped.Token);
            return true;
        }

        using var upstream = new TcpClient();
        await upstream.ConnectAsync(_upstream.Host, _upstream.Port, _stopped.Token);
        var server = upstream.GetStream();
        // To an HTTP/1.0 client, the server closes the connection after the response, and sends no chunks.
        await server.WriteAsync(Encoding.Latin1.GetBytes(head.Replace("HTTP/1.1", "HTTP/1.0", StringComparison.Ordinal)), _stopped.Token);
        await CopyAsync(client, server, length);
        return await RelayAsync(socket, client, server, !requestLine.StartsWith("HEAD ", StringComparison.Ordinal), fault);
    }

    private async Task<bool> RelayAsync(Socket socket, NetworkStream client, NetworkStream server, bool hasBody, Fault fault)
    {
        var head = await ReadHeadAsync(server) ?? throw new IOException("The server did not respond.");
        head = head
            .Replace("HTTP/1.0", "HTTP/1.1", StringComparison.Ordinal)
            .Replace("Connection: close\r\n", "", StringComparison.OrdinalIgnoreCase);
        hasBody &= !head.StartsWith("HTTP/1.1 204", StringComparison.Ordinal) && !head.StartsWith("HTTP/1.1 304", StringComparison.Ordinal);
        Stream body = server;
        var length = hasBody ? LengthOf(head) ?? -1 : 0;
        if (length < 0)
        {
            body = new MemoryStream();
            await CopyAsync(server, body, long.MaxValue);
            head = FormattableString.Invariant($"{head[..^2]}Content-Length: {body.Length}\r\n\r\n");
            length = body.Length;
            body.Position = 0;
        }

        var headBytes = Encoding.Latin1.GetBytes(head);
        // Half of the body, or of the header if there is no body.
        var early = length > 0 ? headBytes.Length : headBytes.Length / 2;
        if (fault == Fault.None) early = headBytes.Length;
        await client.WriteAsync(headBytes.AsMemory(0, early), _stopped.Token);
        switch (fault)
        {
            case Fault.ResetResponse:
                await CopyAsync(body, client, length / 2);
                return Reset(socket);
            case Fault.CutResponse:
                await CopyAsync(body, client, length / 2);
                return false;
            case Fault.SlowResponse:
                await CopyAsync(body, client, length / 2);
                for (var i = early; i < headBytes.Length; i++) await DripAsync(client, headBytes[i]);
                for (var i = length / 2; i < length; i++) await DripAsync(client, (byte)body.ReadByte());
                return true;
            default:
                await CopyAsync(body, client, length);
                return true;
        }
    }

    private async Task DripAsync(NetworkStream client, byte value)
    {
        await client.WriteAsync(new[] { value }, _stopped.Token);
        await Task.Delay(SlowPace, _stopped.Token);
    }

    private static bool Reset(Socket socket)
    {
        socket.LingerState = new LingerOption(true, 0);
        socket.Close();
        return false;
    }

    private static long? LengthOf(string head)
    {
        const string Name = "\r\nContent-Length:";
        var start = head.IndexOf(Name, StringComparison.OrdinalIgnoreCase);
        if (start < 0) return null;
        start += Name.Length;
        return long.Parse(head.AsSpan(start, head.IndexOf('\r', start) - start), CultureInfo.InvariantCulture);
    }

    private async Task CopyAsync(Stream source, Stream target, long length)
    {
        var buffer = new byte[1 << 16];
        while (length > 0)
        {
            var read = await source.ReadAsync(buffer.AsMemory(0, (int)Math.Min(buffer.Length, length)), _stopped.Token);
            if (read == 0) return;
            await target.WriteAsync(buffer.AsMemory(0, read), _stopped.Token);
            length -= read;
        }
    }

    /// <summary>
    /// Reads the first line and the headers with the empty line after them; returns null if the connection ended.
    /// </summary>
    private async Task<string?> ReadHeadAsync(NetworkStream stream)
    {
        var (head, next) = (new StringBuilder(), new byte[1]);
        while (await stream.ReadAsync(next, _stopped.Token) == 1)
        {
            head.Append((char)next[0]);
            if (next[0] == '\n' && head.Length >= 4 && head[^2] == '\r' && head[^3] == '\n') return head.ToString();
        }

        return null;
    }
}
