using System.Net;
using Amazon.Runtime;

namespace MnistLab.Data;

/// <summary>Makes the SDK's HTTP client, with limits on how long a server may take.</summary>
internal sealed class S3HttpClientFactory(TimeSpan requestLimit, TimeSpan stallLimit, bool isPlain) : HttpClientFactory
{
    private const string RequestId = "x-amz-request-id";
    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(5);

    public override HttpClient CreateHttpClient(IClientConfig clientConfig) => new(new Limits(stallLimit, isPlain)) { Timeout = requestLimit };

    // All stores with the same limits share one: it holds connections, and no keys.
    public override bool UseSDKHttpClientCaching(IClientConfig clientConfig) => true;

    public override string GetConfigUniqueString(IClientConfig clientConfig) => FormattableString.Invariant($"{nameof(S3HttpClientFactory)} {requestLimit} {stallLimit} {isPlain}");

    private sealed class Limits(TimeSpan stallLimit, bool isPlain) : DelegatingHandler(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        ConnectTimeout = ConnectLimit,
        Proxy = LoopbackBypassProxy.Instance,
        PooledConnectionLifetime = ConnectionLifetime,
        // An answer that is given up takes its connection with it: the next request must not read on in it.
        MaxResponseDrainSize = 0,
    })
    {
        private readonly RecentAnswers _answers = new();

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            // A server that refuses early would take the body, sent all the same, for the connection's next request.
            request.Headers.ExpectContinue = false;
            // The host's name with its port is signed, and stays.
            if (isPlain) request.RequestUri = new UriBuilder(request.RequestUri!) { Scheme = Uri.UriSchemeHttp, Port = request.RequestUri!.Port }.Uri;
            var response = await base.SendAsync(request, cancellationToken);
            // HTTP/1.1 does not say which request an answer is to, but no server gives the same number to two of its own.
            if (response.Headers.TryGetValues(RequestId, out var id) && !_answers.Add(string.Concat(id)))
            {
                response.Dispose();
                throw new HttpRequestException("The server sent an answer that it had sent before, in place of this request's.");
            }

            var content = response.Content;
            response.Content = new LimitedContent(content, stallLimit);
            foreach (var header in content.Headers) response.Content.Headers.TryAddWithoutValidation(header.Key, header.Value);
            return response;
        }
    }

    private sealed class LimitedContent(HttpContent inner, TimeSpan stallLimit) : HttpContent
    {
        protected override async Task<Stream> CreateContentReadStreamAsync() => new StallLimitedStream(await inner.ReadAsStreamAsync(), stallLimit);

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
