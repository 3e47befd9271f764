using System.Collections.Concurrent;
using System.Security.Cryptography;
using MnistLab.Storage.S3;
using MnistLab.Testing;

namespace MnistLab.Storage.Tests;

/// <summary>
/// Tests a server or a connection that fails from time to time: nothing is lost, nothing is left incomplete, and
/// nothing hangs.
/// </summary>
public sealed class S3FaultTests(RadosGateway gateway)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);

    [Theory]
    [InlineData(Fault.Busy)]
    [InlineData(Fault.ResetRequest)]
    [InlineData(Fault.ResetResponse)]
    [InlineData(Fault.CutResponse)]
    [InlineData(Fault.SlowResponse)]
    public async Task EveryCall_FirstTryFails_SucceedsAllTheSame(Fault fault)
    {
        // Every other request that is not a retry fails, so that each kind of request encounters the fault.
        var seen = new ConcurrentDictionary<string, int>();
        await using var proxy = new FaultProxy(
            gateway.Endpoint, line => seen.AddOrUpdate(line, 1, (_, count) => count + 1) % 2 == 1 ? fault : Fault.None);
        using var store = Open(proxy.Endpoint);
        using var deadline = new CancellationTokenSource(Deadline);
        var bucket = ObjectUrl.Parse($"s3://faults-{Guid.NewGuid():N}/");
        var small = RandomNumberGenerator.GetBytes(300_000);
        var large = RandomNumberGenerator.GetBytes(44 << 20);

        await store.CreateBucketAsync(bucket.Bucket, deadline.Token);
        await store.PutAsync(bucket / "small", new MemoryStream(small), cancellationToken: deadline.Token);
        await store.PutAsync(bucket / "large", new MemoryStream(large), cancellationToken: deadline.Token);
        await store.CopyAsync(bucket / "small", bucket / "copy", deadline.Token);
        await store.DeleteAsync(bucket / "small", deadline.Token);

        Assert.Equal(
            ["copy", "large"],
            await store.ListAsync(bucket, deadline.Token).Select(item => item.Url.Key).ToArrayAsync(deadline.Token));
        Assert.Equal(small, await ReadAsync(store, bucket / "copy", deadline.Token));
        Assert.Equal(large, await ReadAsync(store, bucket / "large", deadline.Token));
        Assert.Equal(
            large[1_000_000..9_000_000],
            await ReadAsync(store, bucket / "large", deadline.Token, new ByteRange(1_000_000, 8_000_000)));
        Assert.Contains(proxy.Requests, request => request.Fault == fault);
    }

    [Theory]
    [InlineData(Fault.Busy)]
    [InlineData(Fault.ResetRequest)]
    [InlineData(Fault.CutResponse)]
    public async Task EveryCall_AlwaysFails_EndsWithUnavailable(Fault fault)
    {
        await using var proxy = new FaultProxy(gateway.Endpoint, _ => fault);
        using var store = Open(proxy.Endpoint, retries: 1);
        var url = ObjectUrl.Parse("s3://faults-always/x");
        Func<Task>[] calls = [() => store.CreateBucketAsync(url.Bucket),
            () => store.PutTextAsync(url, "x"),
            () => store.GetTextAsync(url),
            () => store.HeadAsync(url),
            () => store.ListAsync(url.Parent).ToListAsync().AsTask(),
            () => store.DeleteAsync(url)];

        foreach (var call in calls)
        {
            var error = await Assert.ThrowsAsync<ObjectStoreException>(() => call().WaitAsync(Deadline));
            Assert.Equal(ObjectStoreError.Unavailable, error.Error);
            Assert.Contains(proxy.Endpoint.Authority, error.Message, StringComparison.Ordinal);
            Assert.Contains(url.Bucket, error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Download_AlwaysSlow_EndsWithUnavailable()
    {
        using var direct = Open(gateway.Endpoint);
        var bucket = ObjectUrl.Parse($"s3://faults-{Guid.NewGuid():N}/");
        await direct.CreateBucketAsync(bucket.Bucket);
        await direct.PutAsync(bucket / "x", new MemoryStream(new byte[1 << 20]));
        await using var proxy = new FaultProxy(gateway.Endpoint, _ => Fault.SlowResponse);
        // Without retries, the first stall ends the download; otherwise, each attempt transfers half of the rest.
        using var store = Open(proxy.Endpoint, retries: 0);

        var error = await Assert.ThrowsAsync<ObjectStoreException>(
            () => ReadAsync(store, bucket / "x", CancellationToken.None).WaitAsync(Deadline));

        Assert.Equal(ObjectStoreError.Unavailable, error.Error);
        Assert.Contains("stalled", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Upload_AlwaysBusyAfterTheFirstPart_LeavesTheOldObject()
    {
        using var direct = Open(gateway.Endpoint);
        var bucket = ObjectUrl.Parse($"s3://faults-{Guid.NewGuid():N}/");
        await direct.CreateBucketAsync(bucket.Bucket);
        await direct.PutTextAsync(bucket / "x", "old");
        await using var proxy = new FaultProxy(
            gateway.Endpoint,
            line => line.Contains("partNumber=2", StringComparison.Ordinal) ? Fault.Busy : Fault.None);
        using var store = Open(proxy.Endpoint, retries: 1);

        var error = await Assert.ThrowsAsync<ObjectStoreException>(
            () => store.PutAsync(bucket / "x", new MemoryStream(new byte[40 << 20])));

        Assert.Equal(ObjectStoreError.Unavailable, error.Error);
        Assert.Equal("old", await direct.GetTextAsync(bucket / "x"));
        Assert.Contains(proxy.Requests, request => request.RequestLine.StartsWith("DELETE ", StringComparison.Ordinal)
            && request.RequestLine.Contains("uploadId", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Download_ReplacedWhileItBreaksOff_FailsRatherThanMixes()
    {
        using var direct = Open(gateway.Endpoint);
        var bucket = ObjectUrl.Parse($"s3://faults-{Guid.NewGuid():N}/");
        await direct.CreateBucketAsync(bucket.Bucket);
        await direct.PutAsync(bucket / "x", new MemoryStream(new byte[4 << 20]));
        var requests = 0;
        await using var proxy = new FaultProxy(gateway.Endpoint, _ => ++requests == 1 ? Fault.CutResponse : Fault.None);
        using var store = Open(proxy.Endpoint);

        await using var content = await store.GetAsync(bucket / "x");
        await direct.PutAsync(bucket / "x", new MemoryStream(Enumerable.Repeat((byte)1, 4 << 20).ToArray()));
        using var read = new MemoryStream();
        var error = await Assert.ThrowsAsync<ObjectStoreException>(() => content.CopyToAsync(read));

        Assert.Contains("replaced", error.Message, StringComparison.Ordinal);
        Assert.Equal(-1, read.ToArray().AsSpan().IndexOfAnyExcept((byte)0));
    }

    [Fact]
    public async Task AnyCalls_AFifthOfTheRequestsFails_LoseNothing()
    {
        Fault[] faults = [Fault.Busy, Fault.ResetRequest, Fault.ResetResponse, Fault.CutResponse];
        var random = new Random(20);
        await using var proxy = new FaultProxy(
            gateway.Endpoint, _ => random.NextDouble() < 0.2 ? faults[random.Next(faults.Length)] : Fault.None);
        using var store = Open(proxy.Endpoint, retries: 8);
        var bucket = ObjectUrl.Parse($"s3://faults-{Guid.NewGuid():N}/");
        await store.CreateBucketAsync(bucket.Bucket);
        var contents = Enumerable.Range(0, 60).ToDictionary(
            i => bucket / $"{i % 5}/{i:D2}", i => RandomNumberGenerator.GetBytes(i % 20 == 0 ? 33 << 20 : 1_000 * i));

        await Parallel.ForEachAsync(contents, new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (item, token) =>
            await store.PutAsync(item.Key, new MemoryStream(item.Value), cancellationToken: token));
        await Parallel.ForEachAsync(
            contents,
            new ParallelOptions { MaxDegreeOfParallelism = 4 },
            async (item, token) => Assert.Equal(item.Value, await ReadAsync(store, item.Key, token)));
        Assert.Equal(
            contents.Keys.Select(url => url.Key).Order(StringComparer.Ordinal),
            await store.ListAsync(bucket).Select(item => item.Url.Key).ToArrayAsync());
        Assert.Equal(contents.Count, await store.DeleteFolderAsync(bucket));

        Assert.Empty(await store.ListAsync(bucket).ToListAsync());
        Assert.InRange(proxy.Requests.Count(request => request.Fault != Fault.None), proxy.Requests.Count / 10, proxy.Requests.Count / 3);
    }

    private static async Task<byte[]> ReadAsync(
        S3ObjectStore store, ObjectUrl url, CancellationToken cancellationToken, ByteRange? range = null)
    {
        await using var stream = await store.GetAsync(url, range, cancellationToken);
        using var content = new MemoryStream();
        await stream.CopyToAsync(content, cancellationToken);
        return content.ToArray();
    }

    private static S3ObjectStore Open(Uri endpoint, int retries = 4) =>
        new(new S3Settings(endpoint, "us-east-1", RadosGateway.AccessKey, RadosGateway.SecretKey)
        {
            RequestLimit = TimeSpan.FromSeconds(5),
            StallLimit = TimeSpan.FromSeconds(1),
            Retries = retries,
        });
}
