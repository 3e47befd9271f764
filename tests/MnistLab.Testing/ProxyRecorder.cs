using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace MnistLab.Testing;

/// <summary>
/// Represents an HTTP proxy on the loopback interface that forwards nothing: it records the header of every request and
/// responds with an HTML error page.
/// </summary>
public sealed class ProxyRecorder : IAsyncDisposable
{
    private const string Page = "<html><body>The proxy does not know this host.</body></html>";
    private static readonly string[] Variables = ["http_proxy",
        "https_proxy",
        "all_proxy",
        "no_proxy",
        "HTTP_PROXY",
        "HTTPS_PROXY",
        "ALL_PROXY",
        "NO_PROXY"];

    private static readonly byte[] Response = Encoding.ASCII.GetBytes(
        $"HTTP/1.1 502 Bad Gateway\r\nContent-Type: text/html\r\nContent-Length: {Page.Length}\r\nConnection: close\r\n\r\n{Page}");

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<string> _requests = [];
    private readonly ConcurrentBag<Task> _connections = [];
    private readonly Task _accepting;

    /// <summary>Starts listening.</summary>
    public ProxyRecorder()
    {
        _listener.Start();
        Url = new Uri($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/");
        _accepting = AcceptAsync();
    }

    /// <summary>Gets the address of the proxy.</summary>
    public Uri Url { get; }

    /// <summary>Gets the request lines and headers that have reached the proxy.</summary>
    public IReadOnlyCollection<string> Requests => _requests;

    /// <summary>Configures a child process to use this proxy, without exceptions.</summary>
    public void Use(ProcessStartInfo start)
    {
        ArgumentNullException.ThrowIfNull(start);
        foreach (var name in Variables) start.Environment.Remove(name);
        foreach (var name in (string[])["http_proxy", "https_proxy", "all_proxy"]) start.Environment[name] = $"{Url}";
    }

    /// <summary>Stops listening.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _accepting;
        await Task.WhenAll(_connections);
        _listener.Dispose();
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true) _connections.Add(RecordAsync(await _listener.AcceptTcpClientAsync(_stop.Token)));
        }
        catch (OperationCanceledException)
        {
            // The recorder was disposed.
        }
    }

    private async Task RecordAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                var stream = client.GetStream();
                var (head, buffer) = (new StringBuilder(), new byte[4096]);
                while (!head.ToString().Contains("\r\n\r\n", StringComparison.Ordinal)
                    && await stream.ReadAsync(buffer, _stop.Token) is > 0 and var read)
                    head.Append(Encoding.Latin1.GetString(buffer, 0, read));
                _requests.Enqueue(head.ToString());
                await stream.WriteAsync(Response, _stop.Token);
            }
            catch (Exception exception) when (exception is IOException or OperationCanceledException)
            {
                // One side has closed the connection.
            }
        }
    }
}
