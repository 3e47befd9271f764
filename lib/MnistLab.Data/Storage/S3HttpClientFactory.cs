using Amazon.Runtime;

namespace MnistLab.Data;

/// <summary>Makes the SDK's HTTP client. It does not say "Expect: 100-continue": a server that refuses early would take the body, sent all the same, for the connection's next request.</summary>
internal sealed class S3HttpClientFactory : HttpClientFactory
{
    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan RequestLimit = TimeSpan.FromMinutes(5);

    public override HttpClient CreateHttpClient(IClientConfig clientConfig) => new(new WithoutExpectation()) { Timeout = RequestLimit };

    // All stores share one: it holds connections, and no keys.
    public override bool UseSDKHttpClientCaching(IClientConfig clientConfig) => true;

    public override string GetConfigUniqueString(IClientConfig clientConfig) => nameof(S3HttpClientFactory);

    private sealed class WithoutExpectation() : DelegatingHandler(new SocketsHttpHandler { AllowAutoRedirect = false, ConnectTimeout = ConnectLimit, PooledConnectionLifetime = RequestLimit })
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.Headers.ExpectContinue = false;
            return base.SendAsync(request, cancellationToken);
        }
    }
}
