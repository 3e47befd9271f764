using MnistLab.Testing;

namespace MnistLab.Serving.Tests;

/// <summary>
/// Tests a hundred thousand invalid requests over real connections: the service rejects them, and its state afterward
/// is the same as before.
/// </summary>
[Collection("one after the other")]
public sealed class FuzzTests(FastModel model, ITestOutputHelper output)
{
    private const int Connections = 4;
    private const int Pipelined = 16;

    [Fact]
    public async Task Send_AHundredThousandMalformedRequests_AreAllRefused_AndMemoryStaysFlat()
    {
        await using var service = await RunningApplication.StartAsync(model.Package);

        // The first tenth fills the pools and compiles all code.
        var statuses = await SendAsync(service, 20_000, seed: 0);
        var before = Memory();
        foreach (var (status, count) in await SendAsync(
            service, 90_000, seed: 1)) statuses[status] = statuses.GetValueOrDefault(status) + count;
        var after = Memory();

        output.WriteLine(
            $"{statuses.Values.Sum():N0} requests: {string.Join(", ", statuses.OrderBy(entry => entry.Key).Select(entry => $"{entry.Value:N0} × {entry.Key}"))}; managed memory {before / 1024.0:N0} → {after / 1024.0:N0} KiB");
        Assert.True(statuses.Values.Sum() >= 100_000);
        Assert.DoesNotContain(statuses.Keys, status => status >= 500);
        Assert.True(statuses[400] > 50_000, "Most of the requests should have been wrong.");
        Assert.True(after - before < 8 << 20, $"Managed memory grew from {before:N0} to {after:N0} bytes.");
        var answer = await service.Http.PostAsync("/", new MultipartFormDataContent
        {
            { new ByteArrayContent(RunningApplication.Png(0)), "images", "digit.png" }
        });
        Assert.Contains(
            $"\"predicted_label\":\"{RunningApplication.Label(0)}\"",
            await answer.Content.ReadAsStringAsync(),
            StringComparison.Ordinal);
    }

    private static long Memory()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        return GC.GetTotalMemory(forceFullCollection: true);
    }

    private static async Task<Dictionary<int, int>> SendAsync(RunningApplication service, int count, int seed)
    {
        var all = await Task.WhenAll(Enumerable.Range(0, Connections).Select(
            i => Task.Run(() => SendOnOneConnectionAsync(service, count / Connections, (seed * Connections) + i))));
        return all.SelectMany(statuses => statuses).GroupBy(status => status).ToDictionary(group => group.Key, group => group.Count());
    }

    private static async Task<List<int>> SendOnOneConnectionAsync(RunningApplication service, int count, int seed)
    {
        var requests = new MalformedRequests(seed);
        var statuses = new List<int>(count);
        await using var connection = await RawHttpConnection.ConnectAsync(service.Url);
        using var batch = new MemoryStream();
        while (statuses.Count < count)
        {
            batch.SetLength(0);
            for (var i = 0; i < Pipelined; i++) requests.WriteNext(batch);
            await connection.SendAsync(batch.GetBuffer().AsMemory(0, (int)batch.Length));
            for (var i = 0; i < Pipelined; i++) statuses.Add(await connection.ReadStatusAsync());
        }

        return statuses;
    }
}
