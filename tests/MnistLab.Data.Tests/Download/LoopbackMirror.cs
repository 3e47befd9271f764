using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace MnistLab.Data.Tests;

/// <summary>
/// Represents a web server on a free port of this machine that responds as a test specifies, including in ways that no
/// proper server does.
/// </summary>
public sealed class LoopbackMirror : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentBag<Task> _connections = [];
    private readonly ConcurrentQueue<MirrorRequest> _requests = [];
    private readonly Func<MirrorRequest, Task> _answer;
    private readonly X509Certificate2? _certificate;
    private readonly Task _accepting;

    /// <param name="answer">Responds to a request; the connection is closed afterward.</param>
    /// <param name="isSecure">Whether to use TLS, with an untrusted certificate.</param>
    public LoopbackMirror(Func<MirrorRequest, Task> answer, bool isSecure = false)
    {
        _answer = answer;
        _certificate = isSecure ? Certificate() : null;
        _listener.Start();
        Url = new Uri($"{(isSecure ? "https" : "http")}://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/data/");
        _accepting = AcceptAsync();
    }

    public Uri Url { get; }

    public IReadOnlyCollection<MirrorRequest> Requests => _requests;

    /// <summary>Creates a mirror that works correctly.</summary>
    public static LoopbackMirror Of(GeneratedDataset dataset) => new(request => request.FileAsync(dataset.Compressed[request.FileName]));

    /// <summary>Returns an address of this machine at which no program listens.</summary>
    public static Uri Closed()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return new Uri($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/data/");
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _accepting;
        await Task.WhenAll(_connections);
        _certificate?.Dispose();
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true) _connections.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token)));
        }
        catch (OperationCanceledException)
        {
            // The test has ended.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var connection = client;
        try
        {
            Stream stream = client.GetStream();
            if (_certificate is not null)
            {
                var secure = new SslStream(stream);
                await secure.AuthenticateAsServerAsync(
                    new SslServerAuthenticationOptions { ServerCertificate = _certificate }, _stop.Token);
                stream = secure;
            }

            var head = await ReadHeadAsync(stream);
            if (head.Count == 0) return;
            var headers = head
                .Skip(1)
                .Select(line => line.Split(": ", 2))
                .ToDictionary(parts => parts[0], parts => parts[1], StringComparer.OrdinalIgnoreCase);
            var request = new MirrorRequest(head[0].Split(' ')[1], headers, stream, _stop.Token);
            _requests.Enqueue(request);
            await _answer(request);
        }
        catch (Exception error) when (error is IOException or OperationCanceledException
            or System.Security.Authentication.AuthenticationException)
        {
            // The client has closed the connection, or the test has ended.
        }
    }

    private async Task<List<string>> ReadHeadAsync(Stream stream)
    {
        var lines = new List<string>();
        var line = new StringBuilder();
        var one = new byte[1];
        while (await stream.ReadAsync(one, _stop.Token) == 1)
        {
            if (one[0] != '\n')
            {
                line.Append((char)one[0]);
                continue;
            }

            if (line.Length <= 1) return lines;
            lines.Add(line.ToString().TrimEnd('\r'));
            line.Clear();
        }

        return lines;
    }

    private static X509Certificate2 Certificate()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        // Windows only accepts imported keys for TLS servers.
        return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pfx), null);
    }
}
