namespace MnistLab.Testing;

/// <summary>Creates clients for servers on this machine.</summary>
public static class LoopbackHttp
{
    /// <summary>Creates a client that uses no proxy, regardless of the environment.</summary>
    public static HttpClient CreateClient(Uri? server = null) => new(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = server };
}
