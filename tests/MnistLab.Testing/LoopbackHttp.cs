namespace MnistLab.Testing;

/// <summary>Clients of servers on this machine.</summary>
public static class LoopbackHttp
{
    /// <summary>Creates a client that uses no proxy, whatever the environment says.</summary>
    public static HttpClient CreateClient(Uri? server = null) => new(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = server };
}
