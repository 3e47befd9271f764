using System.Security.Cryptography;
using MnistLab.Storage.S3;

namespace MnistLab.Storage.Tests;

/// <summary>
/// Tests how uploads are verified: by a digest that the server checks, and never by treating its ETag as one.
/// </summary>
public sealed class S3VerificationTests
{
    private const int Whole = 100_000;
    private const int InParts = 34 << 20;

    private static readonly ObjectUrl Url = ObjectUrl.Parse("s3://some-bucket/x");

    /// <summary>
    /// ETags as servers return them: of objects encrypted with SSE-KMS or SSE-C, opaque ones, and none.
    /// </summary>
    public static TheoryData<string, int> ForeignTags => new()
    {
        { "kms", Whole }, { "kms", InParts }, { "opaque", Whole }, { "opaque", InParts }, { "none", Whole }, { "none", InParts },
    };

    [Theory]
    [MemberData(nameof(ForeignTags))]
    public async Task Put_ETagIsNotTheMd5_KeepsTheObject(string tags, int length)
    {
        await using var server = await StubS3Server.StartAsync();
        server.ETagOf = content => TagOf(tags, content);
        using var store = Open(server);
        var content = RandomNumberGenerator.GetBytes(length);

        var info = await store.PutAsync(Url, new MemoryStream(content));

        Assert.Equal(length, info.Length);
        Assert.Equal(content, server.ContentOf("/some-bucket/x"));
        Assert.DoesNotContain(server.Requests, request => request.Method == "DELETE");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(Whole)]
    [InlineData(InParts)]
    public async Task Put_EveryBody_IsSentOnceWithItsMd5(int length)
    {
        await using var server = await StubS3Server.StartAsync();
        server.ETagOf = content => TagOf("kms", content);
        using var store = Open(server);

        await store.PutAsync(Url, new MemoryStream(RandomNumberGenerator.GetBytes(length)));

        var puts = server.Requests.Where(request => request.Method == "PUT").ToList();
        Assert.All(puts, request => Assert.Equal(Convert.ToBase64String(MD5.HashData(request.Body)), request.ContentMd5));
        Assert.Equal(length, puts.Sum(request => request.Body.Length));
    }

    [Theory]
    [InlineData(Whole)]
    [InlineData(InParts)]
    public async Task Put_BodyDamagedOnTheWay_IsSentAgain(int length)
    {
        await using var server = await StubS3Server.StartAsync();
        var bodies = 0;
        server.Transmit = body => body.Length > 1000 && Interlocked.Increment(ref bodies) == 1 ? Damage(body) : body;
        using var store = Open(server);
        var content = RandomNumberGenerator.GetBytes(length);

        await store.PutAsync(Url, new MemoryStream(content));

        Assert.Equal(content, server.ContentOf("/some-bucket/x"));
    }

    [Theory]
    [InlineData(Whole)]
    [InlineData(InParts)]
    public async Task Put_BodyAlwaysDamaged_IsCorruptedAndLeavesTheOldObject(int length)
    {
        await using var server = await StubS3Server.StartAsync();
        server.Transmit = body => body.Length > 1000 ? Damage(body) : body;
        using var store = Open(server);
        await store.PutTextAsync(Url, "old");

        var error = await Assert.ThrowsAsync<ObjectStoreException>(() => store.PutAsync(Url, new MemoryStream(new byte[length])));

        Assert.Equal(ObjectStoreError.Corrupted, error.Error);
        Assert.Contains($"{Url}", error.Message, StringComparison.Ordinal);
        Assert.Equal("old"u8, server.ContentOf("/some-bucket/x")!);
    }

    [Fact]
    public async Task Put_ServerKeepsAnotherLength_SaysSoAndDeletesNothing()
    {
        await using var server = await StubS3Server.StartAsync();
        server.Keep = content => [.. "framing\r\n"u8, .. content];
        server.ETagOf = _ => "always-the-same";
        using var store = Open(server);

        var error = await Assert.ThrowsAsync<ObjectStoreException>(() => store.PutTextAsync(Url, "content"));

        Assert.Equal(ObjectStoreError.Corrupted, error.Error);
        Assert.Contains("7 bytes were sent", error.Message, StringComparison.Ordinal);
        Assert.Contains("16", error.Message, StringComparison.Ordinal);
        Assert.NotNull(server.ContentOf("/some-bucket/x"));
    }

    [Theory]
    [InlineData("md5")]
    [InlineData("kms")]
    [InlineData("none")]
    public async Task Put_ResponseToTheCompletionIsLost_IsFoundComplete(string tags)
    {
        await using var server = await StubS3Server.StartAsync();
        server.ETagOf = content => TagOf(tags, content);
        server.LostCompletions = 1;
        using var store = Open(server);
        var content = RandomNumberGenerator.GetBytes(InParts);

        var info = await store.PutAsync(Url, new MemoryStream(content));

        Assert.Equal(InParts, info.Length);
        Assert.Equal(content, server.ContentOf("/some-bucket/x"));
    }

    private static string? TagOf(string tags, byte[] content) => tags switch
    {
        "kms" => Convert.ToHexStringLower(SHA256.HashData(content))[..32],
        "opaque" => $"v1:{content.Length}",
        "none" => null,
        _ => Convert.ToHexStringLower(MD5.HashData(content)),
    };

    private static byte[] Damage(byte[] body)
    {
        var damaged = body.ToArray();
        damaged[damaged.Length / 2] ^= 1;
        return damaged;
    }

    private static S3ObjectStore Open(StubS3Server server) =>
        new(new S3Settings(server.Endpoint, "us-east-1", "key", "secret") { Retries = 1 });
}
