using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using MnistLab.Storage.Configuration;
using MnistLab.Storage.S3;
using MnistLab.Testing;

namespace MnistLab.Storage.Tests;

/// <summary>
/// Tests servers with any name: where the bucket appears, which region signs the requests, and what errors say about
/// it.
/// </summary>
public sealed class S3EndpointTests(RadosGateway gateway)
{
    private static readonly Dictionary<string, string> Keys = new(StringComparer.Ordinal)
    {
        [StoreVariables.AccessKey] = "key",
        [StoreVariables.SecretKey] = "secret",
    };

    [Theory]
    [InlineData("http://minio:9000", true)]
    [InlineData("http://minio.default.svc.cluster.local:9000", true)]
    [InlineData("https://storage.example.org", true)]
    [InlineData("http://localhost:9000", true)]
    [InlineData("http://127.0.0.1:9000", true)]
    [InlineData("http://[fd00::1]:9000", true)]
    [InlineData("https://obs.cn-north-4.myhuaweicloud.com", false)]
    [InlineData("https://s3.eu-west-1.amazonaws.com", false)]
    [InlineData("https://oss-cn-hangzhou.aliyuncs.com", false)]
    public void Style_OfAnEndpoint_IsOneThatWorksThere(string endpoint, bool usesPath)
    {
        Assert.Equal(usesPath, new S3Endpoint(new Uri(endpoint), "r", S3AddressingStyle.Auto).UsesPathStyle);
        Assert.True(new S3Endpoint(new Uri(endpoint), "r", S3AddressingStyle.Path).UsesPathStyle);
    }

    [Theory]
    [InlineData("https://obs.cn-north-4.myhuaweicloud.com", "cn-north-4")]
    [InlineData("https://obs.ap-southeast-3.myhuaweicloud.com", "ap-southeast-3")]
    [InlineData("https://obs.eu-west-101.myhuaweicloud.eu", "eu-west-101")]
    [InlineData("https://s3.eu-west-1.amazonaws.com", "eu-west-1")]
    [InlineData("https://s3-us-west-2.amazonaws.com", "us-west-2")]
    [InlineData("https://s3.dualstack.us-west-2.amazonaws.com", "us-west-2")]
    [InlineData("https://s3-fips.dualstack.us-gov-west-1.amazonaws.com", "us-gov-west-1")]
    [InlineData("https://s3.cn-north-1.amazonaws.com.cn", "cn-north-1")]
    [InlineData("https://bucket.vpce-1a2b-3c4d.s3.us-east-2.vpce.amazonaws.com", "us-east-2")]
    [InlineData("https://s3.amazonaws.com", "us-east-1")]
    [InlineData("https://oss-cn-hangzhou-internal.aliyuncs.com", "cn-hangzhou")]
    [InlineData("https://cos.ap-guangzhou.myqcloud.com", "ap-guangzhou")]
    [InlineData("https://s3.us-west-004.backblazeb2.com", "us-west-004")]
    [InlineData("https://s3.fr-par.scw.cloud", "fr-par")]
    [InlineData("http://s3.storage.example.org", "us-east-1")]
    [InlineData("http://s3.dualstack.example.org", "us-east-1")]
    [InlineData("http://obs.internal.example.org", "us-east-1")]
    [InlineData("http://minio:9000", "us-east-1")]
    [InlineData("http://10.0.0.1", "us-east-1")]
    public void Region_OfAnEndpoint_IsThatOfAKnownPatternOrTheDefault(string endpoint, string region) =>
        Assert.Equal(region, Read((StoreVariables.Endpoint, endpoint)).Region);

    [Fact]
    public void Region_WithTheVariable_IsThat() => Assert.Equal(
        "eu-north-1", Read((StoreVariables.Endpoint, "http://s3.storage.example.org"), (StoreVariables.Region, "eu-north-1")).Region);

    [Theory]
    [InlineData("path", S3AddressingStyle.Path)]
    [InlineData("virtual", S3AddressingStyle.Virtual)]
    [InlineData("auto", S3AddressingStyle.Auto)]
    [InlineData("", S3AddressingStyle.Auto)]
    public void Style_WithTheVariable_IsThat(string value, S3AddressingStyle style) => Assert.Equal(
        style, Read((StoreVariables.Endpoint, "http://minio:9000"), (StoreVariables.AddressingStyle, value)).AddressingStyle);

    [Theory]
    [InlineData("http://minio:9000", "host", "'host'")]
    [InlineData("http://10.0.0.1", "virtual", "10.0.0.1 is an IP address")]
    public void Style_ThatCannotBe_IsNamed(string endpoint, string value, string reason)
    {
        var error = Assert.Throws<ObjectStoreException>(
            () => Read((StoreVariables.Endpoint, endpoint), (StoreVariables.AddressingStyle, value)));

        Assert.Contains(StoreVariables.AddressingStyle, error.Message, StringComparison.Ordinal);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Store_AtAServerWithAName_PutsListsAndReads()
    {
        var hosts = new List<string>();
        using var store = new S3ObjectStore(new S3Settings(new Uri(
            "http://minio:9000"), "us-east-1", RadosGateway.AccessKey, RadosGateway.SecretKey)
        {
            Connect = (host, _, token) => ConnectAsync(host, hosts, token),
        });
        var bucket = ObjectUrl.Parse($"s3://named-{Guid.NewGuid():N}/");

        await store.CreateBucketAsync(bucket.Bucket, TestContext.Current.CancellationToken);
        await store.PutAsync(
            bucket / "large",
            new MemoryStream(new byte[33 << 20]),
            cancellationToken: TestContext.Current.CancellationToken);
        await store.PutTextAsync(bucket / "a b/ü", "text", TestContext.Current.CancellationToken);

        Assert.Equal("text", await store.GetTextAsync(bucket / "a b/ü", TestContext.Current.CancellationToken));
        Assert.Equal(2, await store
            .ListAsync(bucket, TestContext.Current.CancellationToken)
            .CountAsync(TestContext.Current.CancellationToken));
        Assert.Equal(["minio"], hosts.Distinct());
    }

    [Theory]
    [InlineData("<html><body>Welcome<br></body>")]
    [InlineData("welcome")]
    [InlineData("""<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><body><p>Welcome</p></body></html>""")]
    public async Task List_AnotherServerResponds_SaysSo(string page)
    {
        await using var application = WebApplication.CreateSlimBuilder().Build();
        application.Urls.Add("http://127.0.0.1:0");
        application.Run(context => context.Response.WriteAsync(page));
        await application.StartAsync(TestContext.Current.CancellationToken);
        var endpoint = new Uri(application.Urls.Single());
        using var store = new S3ObjectStore(new S3Settings(endpoint, "eu-west-1", "key", "secret") { Retries = 0 });

        var error = await Assert.ThrowsAsync<ObjectStoreException>(async () =>
        {
            var objects = store.ListAsync(ObjectUrl.Parse("s3://some-bucket/"), cancellationToken: TestContext.Current.CancellationToken);
            await foreach (var _ in objects) Assert.Fail("Nothing can be listed.");
        });

        Assert.Equal(ObjectStoreError.Unavailable, error.Error);
        Assert.Contains($"{endpoint.Authority} responded", error.Message, StringComparison.Ordinal);
        Assert.Contains("a web page", error.Message, StringComparison.Ordinal);
        Assert.Contains(StoreVariables.Endpoint, error.Message, StringComparison.Ordinal);
        var large = new MemoryStream(new byte[33 << 20]);
        var written = await Assert.ThrowsAsync<ObjectStoreException>(() => store.PutAsync(ObjectUrl.Parse("s3://some-bucket/x"), large));
        Assert.Contains("a web page", written.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(S3AddressingStyle.Virtual, "some-bucket.minio:9000", "/x")]
    [InlineData(S3AddressingStyle.Path, "minio:9000", "/some-bucket/x")]
    public async Task Put_EitherStyle_IsOnTheWireAndInTheErrors(S3AddressingStyle style, string host, string path)
    {
        await using var server = await StubS3Server.StartAsync();
        using var store = new S3ObjectStore(new S3Settings(new Uri("http://minio:9000"), "eu-west-1", "key", "secret")
        {
            AddressingStyle = style,
            Retries = 0,
            Connect = async (_, _, token) =>
            {
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
                await socket.ConnectAsync(server.Endpoint.Host, server.Endpoint.Port, token);
                return new NetworkStream(socket, ownsSocket: true);
            },
        });

        await store.PutTextAsync(ObjectUrl.Parse("s3://some-bucket/x"), "text", TestContext.Current.CancellationToken);
        var error = await Assert.ThrowsAsync<ObjectStoreException>(() => store.GetTextAsync(ObjectUrl.Parse("s3://some-bucket/none")));

        Assert.All(server.Requests, request => Assert.Equal(host, request.Host));
        Assert.Equal(path, server.Requests.First().Path);
        Assert.Contains("/eu-west-1/s3/", server.Requests.First().Authorization, StringComparison.Ordinal);
        Assert.Contains(host, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnyCall_NameThatDoesNotExist_NamesTheRequestedHost()
    {
        using var store = new S3ObjectStore(new S3Settings(new Uri("http://minio:9000"), "us-east-1", "key", "secret")
        {
            AddressingStyle = S3AddressingStyle.Virtual,
            Retries = 0,
            Connect = (_, _, _) => throw new SocketException((int)SocketError.HostNotFound),
        });

        var error = await Assert.ThrowsAsync<ObjectStoreException>(() => store.HeadAsync(ObjectUrl.Parse("s3://some-bucket/x")));

        Assert.Equal(ObjectStoreError.Unavailable, error.Error);
        Assert.Contains("some-bucket.minio:9000", error.Message, StringComparison.Ordinal);
    }

    private static S3Settings Read(params (string Name, string Value)[] variables)
    {
        var values = variables.ToDictionary(variable => variable.Name, variable => variable.Value);
        return ObjectStores.ReadSettings(name => values.GetValueOrDefault(name) ?? Keys.GetValueOrDefault(name))!;
    }

    private async ValueTask<Stream> ConnectAsync(string host, List<string> hosts, CancellationToken cancellationToken)
    {
        lock (hosts) hosts.Add(host);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, gateway.Endpoint.Port, cancellationToken);
        return new NetworkStream(socket, ownsSocket: true);
    }
}
