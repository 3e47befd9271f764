using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace MnistLab.Data.Tests;

/// <summary>
/// A web server on a free port of this machine that answers as a test wants it to, also in ways that no proper server
/// does.
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

    /// <param name="answer">Answers a request; the connection is closed afterwards.</param>
    /// <param name="isSecure">Whether to speak TLS, with a certificate that nobody trusts.</param>
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

    /// <summary>A mirror that does everything right.</summary>
    public static LoopbackMirror Of(GeneratedDataset dataset) => new(request => request.FileAsync(dataset.Compressed[request.FileName]));

    /// <summary>An address of this machine where nobody listens.</summary>
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
            // The test is over.
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
            // The other side has had enough, or the test is over.
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
        // Windows serves only keys that were imported.
        return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pfx), null);
    }
}
