using System.Net.Sockets;

namespace MnistLab.Benchmarks;

/// <summary>Sends requests over one connection and waits for the responses.</summary>
internal interface IExchange
{
    /// <exception cref="InvalidOperationException">
    /// The server rejected the request or closed the connection.
    /// </exception>
    void Ask(Socket socket);
}

/// <summary>Repeats the same HTTP/1.1 request.</summary>
internal sealed class Http1Exchange(byte[] request) : IExchange
{
    private readonly byte[] _response = new byte[64 * 1024];

    public void Ask(Socket socket)
    {
        socket.Send(request);
        // A response is small and arrives in one piece: once its header has arrived, so has its body.
        var length = socket.Receive(_response);
        if (!_response.AsSpan(0, length).StartsWith("HTTP/1.1 200"u8))
            throw new InvalidOperationException("The server refused a request, or closed the connection.");
    }
}
