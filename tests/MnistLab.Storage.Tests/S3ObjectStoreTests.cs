using System.Net;
using System.Net.Sockets;
using MnistLab.Storage.S3;
using MnistLab.Testing;

namespace MnistLab.Storage.Tests;

public sealed class S3ObjectStoreTests(RadosGateway gateway) : ObjectStoreContract
{
    protected override IObjectStore Store => Open(RadosGateway.AccessKey, RadosGateway.SecretKey);

    [Fact]
    public async Task AnyCall_WrongSecret_IsDeniedAndShowsNoSecret()
    {
        const string Wrong = "another-secret-that-no-message-shows";
        var error = await Assert.ThrowsAsync<ObjectStoreException>(
            () => Open(RadosGateway.AccessKey, Wrong).CreateBucketAsync("some-bucket"));

        Assert.Equal(ObjectStoreError.AccessDenied, error.Error);
        Assert.Contains("OBS_SECRET_ACCESS_KEY", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Wrong, error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnyCall_UnknownAccessKey_IsDenied() =>
        await AssertFailsAsync(
            ObjectStoreError.AccessDenied,
            "OBS_ACCESS_KEY_ID",
            () => Open("NOBODY", RadosGateway.SecretKey).CreateBucketAsync("some-bucket"));

    [Fact]
    public async Task AnyCall_NobodyListens_IsUnavailableAndNamesTheEndpoint()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var closed = new Uri($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}");
        listener.Stop();

        await AssertFailsAsync(
            ObjectStoreError.Unavailable, closed.Authority, () => new S3ObjectStore(
                new S3Settings(closed, "us-east-1", "key", "secret")).HeadAsync(ObjectUrl.Parse("s3://bucket/key")));
    }

    [Fact]
    public async Task Put_OnlyIfAbsent_MoreThanTheServerCanDo_IsRefused()
    {
        var bucket = await BucketAsync();
        var options = new PutOptions { OnlyIfAbsent = true };

        await AssertFailsAsync(
            ObjectStoreError.NotSupported,
            $"{bucket}x",
            () => Store.PutAsync(bucket / "x", new MemoryStream(new byte[(32 << 20) + 1]), options));
        Assert.Null(await Store.HeadAsync(bucket / "x"));
        using var obs = new S3ObjectStore(
            new S3Settings(new Uri("https://obs.cn-north-4.myhuaweicloud.com"), "cn-north-4", "key", "secret"));
        await AssertFailsAsync(
            ObjectStoreError.NotSupported,
            "myhuaweicloud",
            () => obs.PutAsync(bucket / "x", new MemoryStream(), options));
    }

    private S3ObjectStore Open(string accessKey, string secretKey) =>
        new(new S3Settings(gateway.Endpoint, "us-east-1", accessKey, secretKey));
}
