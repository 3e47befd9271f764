using System.Net;
using Amazon.Runtime;
using MnistLab.Storage.Http;

namespace MnistLab.Storage.S3;

/// <summary>Creates the SDK's HTTP client, with timeouts for requests and stalled responses.</summary>
internal sealed class S3HttpClientFactory(S3Settings settings, bool isPlain) : HttpClientFactory
{
    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(5);

    public override HttpClient CreateHttpClient(IClientConfig clientConfig) =>
        new(new Limits(settings, isPlain)) { Timeout = settings.RequestLimit };

    // Stores with the same timeouts share one client: it holds connections but no keys.
    public override bool UseSDKHttpClientCaching(IClientConfig clientConfig) => settings.Connect is null;

    public override string GetConfigUniqueString(IClientConfig clientConfig) => FormattableString.Invariant(
        $"{nameof(S3HttpClientFactory)} {settings.RequestLimit} {settings.StallLimit} {isPlain}");

    private static SocketsHttpHandler CreateHandler(S3Settings settings)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            ConnectTimeout = ConnectLimit,
            Proxy = LoopbackBypassProxy.Instance,
            PooledConnectionLifetime = ConnectionLifetime,
            // Closes the connection of an abandoned response, so that the next request does not read the rest of that
            // response.
            MaxResponseDrainSize = 0,
        };
        if (settings.Connect is { } connect)
        {
            handler.UseProxy = false;
            handler.ConnectCallback = (context, token) => connect(context.DnsEndPoint.Host, context.DnsEndPoint.Port, token);
        }

        return handler;
    }

    private sealed class Limits(S3Settings settings, bool isPlain) : DelegatingHandler(CreateHandler(settings))
    {
        private readonly TimeSpan _stallLimit = settings.StallLimit;

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            // With "Expect: 100-continue", a server that rejects a request early would read a body that is sent anyway
            // as the next request.
            request.Headers.ExpectContinue = false;
            // The host name and port are part of the signature, so they stay unchanged.
            if (isPlain)
                request.RequestUri = new UriBuilder(request.RequestUri!)
                {
                    Scheme = Uri.UriSchemeHttp,
                    Port = request.RequestUri!.Port
                }.Uri;
            var response = await base.SendAsync(request, cancellationToken);
            var content = response.Content;
            response.Content = new LimitedContent(content, _stallLimit);
            foreach (var header in content.Headers) response.Content.Headers.TryAddWithoutValidation(header.Key, header.Value);
            return response;
        }
    }

    private sealed class LimitedContent(HttpContent inner, TimeSpan stallLimit) : HttpContent
    {
        protected override async Task<Stream> CreateContentReadStreamAsync() =>
            new StallLimitedStream(await inner.ReadAsStreamAsync(), stallLimit);

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await using var content = await CreateContentReadStreamAsync();
            await content.CopyToAsync(stream);
        }

        protected override bool TryComputeLength(out long length)
        {
            length = inner.Headers.ContentLength ?? 0;
            return inner.Headers.ContentLength is not null;
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing) inner.Dispose();
            base.Dispose(disposing);
        }
    }
}
