using System.Net.Sockets;

namespace MnistLab.Benchmarks;

/// <summary>One connection's way to ask: sends a request and waits for its response.</summary>
internal interface IExchange
{
    /// <exception cref="InvalidOperationException">The server refused the request, or closed the connection.</exception>
    void Ask(Socket socket);
}

/// <summary>The same request by HTTP/1.1, again and again.</summary>
internal sealed class Http1Exchange(byte[] request) : IExchange
{
    private readonly byte[] _response = new byte[64 * 1024];

    public void Ask(Socket socket)
    {
        socket.Send(request);
        // A response is small and comes in one piece: all its bytes are there when its header is.
        var length = socket.Receive(_response);
        if (!_response.AsSpan(0, length).StartsWith("HTTP/1.1 200"u8))
            throw new InvalidOperationException("The server refused a request, or closed the connection.");
    }
}
