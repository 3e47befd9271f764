namespace MnistLab.Storage.Tests;

/// <content>Defines the behavior of a store that several programs use at the same time.</content>
public abstract partial class ObjectStoreContract
{
    [Fact]
    public async Task Put_OnlyIfAbsent_HasOneWinnerOfMany()
    {
        var bucket = await BucketAsync();
        // Repeated, because two writers do not find the object missing at the same moment every time.
        for (var round = 0; round < 20; round++)
        {
            var url = bucket / $"lock-{round}";
            var results = await Task.WhenAll(Enumerable.Range(0, 16).Select(i => Task.Run(async () =>
            {
                try
                {
                    await Store.PutAsync(url, new MemoryStream([(byte)i]), new PutOptions { OnlyIfAbsent = true });
                    return i;
                }
                catch (ObjectStoreException error) when (error.Error == ObjectStoreError.AlreadyExists)
                {
                    return -1;
                }
            })));

            var winner = Assert.Single(results, i => i >= 0);
            Assert.Equal([(byte)winner], await ReadAsync(url));
        }
    }

    [Fact]
    public async Task Put_ManyWriters_LeavesOneOfTheirContents()
    {
        var bucket = await BucketAsync();
        await Parallel.ForAsync(0, 40, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (i, token) =>
        {
            var content = new MemoryStream(Enumerable.Repeat((byte)i, 50_000 + i).ToArray());
            await Store.PutAsync(bucket / "x", content, cancellationToken: token);
        });

        var content = await ReadAsync(bucket / "x");
        Assert.Single(content.Distinct());
        Assert.Equal(50_000 + content[0], content.Length);
    }

    [Fact]
    public async Task Get_ReplacedMeanwhile_GivesTheOldContentOrFails()
    {
        const int Length = 40 << 20;
        var bucket = await BucketAsync();
        await Store.PutAsync(bucket / "x", new MemoryStream(Enumerable.Repeat((byte)1, Length).ToArray()));

        await using var stream = await Store.GetAsync(bucket / "x");
        var start = new byte[1000];
        await stream.ReadExactlyAsync(start);
        await Store.PutAsync(bucket / "x", new MemoryStream(Enumerable.Repeat((byte)2, Length).ToArray()));
        using var rest = new MemoryStream();
        try
        {
            await stream.CopyToAsync(rest);
            Assert.Equal(Length - 1000, rest.Length);
        }
        catch (ObjectStoreException error) when (error.Message.Contains("replaced", StringComparison.Ordinal))
        {
        }

        Assert.Equal(-1, rest.ToArray().AsSpan().IndexOfAnyExcept((byte)1));
    }

    [Fact]
    public async Task Put_WhileOthersRead_ShowsTheOldOrTheNewContent()
    {
        var bucket = await BucketAsync();
        var contents = new[] { new string('a', 300_000), new string('b', 400_000) };
        await Store.PutTextAsync(bucket / "x", contents[0]);

        var writer = Task.Run(async () =>
        {
            for (var i = 1; i <= 20; i++) await Store.PutTextAsync(bucket / "x", contents[i % 2]);
        });
        do Assert.Contains(await Store.GetTextAsync(bucket / "x"), contents);
        while (!writer.IsCompleted);
        await writer;
    }
}
