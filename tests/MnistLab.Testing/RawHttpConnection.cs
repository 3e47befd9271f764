using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace MnistLab.Testing;

/// <summary>
/// Represents an HTTP/1.1 connection that sends bytes unchanged and reads little more than the status of the responses:
/// for requests that a real client would not send, and for load.
/// </summary>
public sealed class RawHttpConnection : IAsyncDisposable
{
    private readonly Socket _socket;
    private readonly byte[] _buffer = new byte[64 * 1024];
    private int _start;
    private int _end;

    private RawHttpConnection(Socket socket) => _socket = socket;

    /// <summary>Connects to a server.</summary>
    public static async Task<RawHttpConnection> ConnectAsync(Uri url)
    {
        ArgumentNullException.ThrowIfNull(url);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(url.Host, url.Port);
            return new RawHttpConnection(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Sends bytes: one request, or several in a row.</summary>
    public async Task SendAsync(ReadOnlyMemory<byte> requests)
    {
        while (requests.Length > 0) requests = requests[await _socket.SendAsync(requests)..];
    }

    /// <summary>Reads the next response, and returns its status.</summary>
    /// <exception cref="IOException">The server has closed the connection.</exception>
    public async ValueTask<int> ReadStatusAsync()
    {
        int length;
        while ((length = HeaderLength()) < 0) await FillAsync();
        var header = Encoding.ASCII.GetString(_buffer, _start, length);
        _start += length;
        if (header.Contains("Transfer-Encoding: chunked", StringComparison.OrdinalIgnoreCase))
        {
            int end;
            while ((end = _buffer.AsSpan(_start, _end - _start).IndexOf("0\r\n\r\n"u8)) < 0) await FillAsync();
            _start += end + 5;
        }
        else
        {
            var name = header.IndexOf("Content-Length: ", StringComparison.OrdinalIgnoreCase) + "Content-Length: ".Length;
            var body = int.Parse(header.AsSpan(name, header.IndexOf('\r', name) - name), CultureInfo.InvariantCulture);
            while (_end - _start < body) await FillAsync();
            _start += body;
        }

        return int.Parse(header.AsSpan("HTTP/1.1 ".Length, 3), CultureInfo.InvariantCulture);
    }

    /// <summary>Closes the connection.</summary>
    public ValueTask DisposeAsync()
    {
        _socket.Dispose();
        return ValueTask.CompletedTask;
    }

    private int HeaderLength() => _buffer.AsSpan(_start, _end - _start).IndexOf("\r\n\r\n"u8) is var end and >= 0 ? end + 4 : -1;

    private async Task FillAsync()
    {
        if (_start > 0)
        {
            Buffer.BlockCopy(_buffer, _start, _buffer, 0, _end - _start);
            (_start, _end) = (0, _end - _start);
        }

        var read = await _socket.ReceiveAsync(_buffer.AsMemory(_end));
        if (read == 0) throw new IOException("The server has closed the connection.");
        _end += read;
    }
}
