using System.Diagnostics;
using System.Globalization;
using MnistLab.Storage;
using MnistLab.Storage.S3;
using MnistLab.Testing;

namespace MnistLab.Data.Tests;

/// <summary>
/// Tests a machine whose environment specifies a proxy: requests to mirrors and object stores on the machine itself
/// bypass it.
/// </summary>
public sealed class ProxyTests(RadosGateway gateway)
{
    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("localhost")]
    public async Task Download_FromThisMachine_DoesNotUseTheProxy(string host)
    {
        await using var mirror = new LoopbackMirror(request => request.StatusAsync("204 No Content"));
        await using var proxy = new ProxyRecorder();

        var output = await RunAsync(proxy, _ => { }, "get", $"{new UriBuilder(mirror.Url) { Host = host }.Uri}");

        Assert.Empty(proxy.Requests);
        Assert.Equal("204", output.Trim());
    }

    [Fact]
    public async Task Download_FromElsewhere_UsesTheProxy()
    {
        await using var proxy = new ProxyRecorder();

        var output = await RunAsync(proxy, _ => { }, "get", "http://mirror.invalid/train-images-idx3-ubyte.gz");

        Assert.StartsWith("GET http://mirror.invalid/", Assert.Single(proxy.Requests), StringComparison.Ordinal);
        Assert.Equal("502", output.Trim());
    }

    [Fact]
    public async Task Put_IntoAStoreOnThisMachine_DoesNotUseTheProxy()
    {
        using var folder = new TemporaryFolder();
        var store = new S3ObjectStore(new S3Settings(gateway.Endpoint, "us-east-1", RadosGateway.AccessKey, RadosGateway.SecretKey));
        var bucket = ObjectUrl.Parse($"s3://proxy-{Guid.NewGuid():N}/");
        await store.CreateBucketAsync(bucket.Bucket);
        await using var proxy = new ProxyRecorder();

        await RunAsync(
            proxy,
            start =>
            {
                start.Environment[StoreVariables.Endpoint] = $"{gateway.Endpoint}";
                start.Environment[StoreVariables.AccessKey] = RadosGateway.AccessKey;
                start.Environment[StoreVariables.SecretKey] = RadosGateway.SecretKey;
            },
            "put", folder.Path, $"{bucket / "x"}", 1000.ToString(CultureInfo.InvariantCulture), "7");

        Assert.Empty(proxy.Requests);
        Assert.Equal(1000, Assert.Single(await store.ListAsync(bucket).ToListAsync()).Length);
    }

    private static async Task<string> RunAsync(ProxyRecorder proxy, Action<ProcessStartInfo> configure, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(
            AppContext.BaseDirectory, "MnistLab.StorageProgram.dll"), .. arguments])
        { RedirectStandardOutput = true };
        proxy.Use(start);
        configure(start);
        using var program = Process.Start(start)!;
        var output = await program.StandardOutput.ReadToEndAsync();
        await program.WaitForExitAsync();
        return output;
    }
}
