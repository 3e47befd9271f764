using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace MnistLab.Testing;

/// <summary>
/// An HTTP proxy on loopback that forwards nothing: it records the head of every request and answers each with an HTML
/// error page.
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

    /// <summary>Starts to listen.</summary>
    public ProxyRecorder()
    {
        _listener.Start();
        Url = new Uri($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/");
        _accepting = AcceptAsync();
    }

    /// <summary>The proxy's own address.</summary>
    public Uri Url { get; }

    /// <summary>What reached the proxy: request lines and headers.</summary>
    public IReadOnlyCollection<string> Requests => _requests;

    /// <summary>Makes this the proxy of a child process, without exceptions.</summary>
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
            // Disposed.
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
                // Either side went away.
            }
        }
    }
}
