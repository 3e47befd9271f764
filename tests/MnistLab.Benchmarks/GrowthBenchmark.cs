using System.Diagnostics;
using System.Text.Json.Nodes;
using MnistLab.Benchmarks.Reporting;
using MnistLab.Data.Datasets;
using MnistLab.Data.Images;
using MnistLab.Data.Sources;
using MnistLab.Data.Workspaces;
using MnistLab.Kernel.Documents;
using MnistLab.Serving.Deployment;
using MnistLab.Storage;
using MnistLab.Storage.Folders;
using MnistLab.Testing;
using MnistLab.Training;
using MnistLab.Training.EventLog;

namespace MnistLab.Benchmarks;

/// <summary>
/// Measures how times grow with size, on log-log axes, where a slope of 1 means proportional growth. Only the larger
/// half of the sizes counts, because small sizes have a constant cost, which would hide the growth for large ones.
/// </summary>
internal static class GrowthBenchmark
{
    private const double Bar = 1.05;
    private const int Rounds = 5;
    private const int RequestsOfAConnection = 32;

    public static async Task RunAsync(Report report)
    {
        Training(report);
        await ServingAsync(report);
        using var folder = new TemporaryFolder();
        await ObjectsAsync(report, folder);
        await SizesAsync(report, folder);
        await NotebooksAsync(report, folder);
        await LogsAsync(report, folder);
    }

    private static void Training(Report report)
    {
        if (Environment.GetEnvironmentVariable(DatasetSource.Variable) is not { Length: > 0 } mnist)
        {
            report.Skip("growth of training", $"{DatasetSource.Variable} is not set");
            return;
        }

        var images = MnistDataset.Load(mnist).Train;
        var points = new[] { 6_000, 15_000, 60_000, 120_000, 240_000 }.Select(count =>
        {
            var set = images.Subset([.. Enumerable.Range(0, count).Select(index => index % images.Count)]);
            return new GrowthPoint(count, Median(3, () => Train(set)));
        });
        report.Grows(Fit("training: an epoch", "images", [.. points]), Bar);
    }

    private static void Train(ImageDataset set)
    {
        var preset = ModelPreset.Fast;
        var steps = set.Count / preset.BatchSize;
        Mox.Run(
            _ => set,
            _ => preset.CreateModel(),
            preset.OptimizerFor(steps),
            batchSize: preset.BatchSize,
            maxNumberOfSteps: steps,
            log: TextWriter.Null).Network.Dispose();
    }

    private static async Task ServingAsync(Report report)
    {
        using var folder = new TemporaryFolder();
        var digits = MnistDataset.Load(Workspace.Find().SampleFolder);
        var (store, model) = await ServingBenchmark.RegisterAsync(folder, digits.Train, digits.Test);
        var service = await new OnlineServices(folder["services"]).DeployAsync("growth", model, store);
        try
        {
            var request = ServingRequests.Multipart(DigitImage.FromPixels(digits.Test.Image(0)).ToPng());
            await AskAsync(service.Url!, request, 64, 500);
            var points = new List<GrowthPoint>();
            foreach (var connections in new[] { 1, 4, 16, 32, 64, 128, 256 })
            {
                Task Work() => AskAsync(service.Url!, request, connections, RequestsOfAConnection);
                points.Add(new GrowthPoint(connections, await MedianAsync(Rounds, Work)));
            }

            var what = $"service: {RequestsOfAConnection} requests of each connection";
            report.Grows(Fit(what, "connections at once", points), Bar);
        }
        finally
        {
            await service.StopAsync();
        }
    }

    private static async Task AskAsync(Uri url, byte[] request, int connections, int requests)
    {
        var opened = await Task.WhenAll(Enumerable.Range(0, connections).Select(_ => RawHttpConnection.ConnectAsync(url)));
        await Task.WhenAll(opened.Select(connection => Task.Run(async () =>
        {
            await using var own = connection;
            for (var i = 0; i < requests; i++)
            {
                await own.SendAsync(request);
                if (await own.ReadStatusAsync() is var status and not 200)
                    throw new InvalidOperationException($"The service responded with {status}.");
            }
        })));
    }

    private static async Task ObjectsAsync(Report report, TemporaryFolder folder)
    {
        var store = new FolderObjectStore(folder["objects"]);
        var points = new List<GrowthPoint>();
        foreach (var count in new[] { 10, 100, 1_000, 3_000, 10_000 })
        {
            var bucket = $"objects-{count}";
            await store.CreateBucketAsync(bucket);
            for (var i = 0; i < count; i++)
                await store.PutAsync(ObjectUrl.Parse($"s3://{bucket}/part-{i % 7}/{i}"), new MemoryStream([1]));
            points.Add(new GrowthPoint(count, await MedianAsync(Rounds, () => ListAsync(store, bucket, count))));
        }

        report.Grows(Fit("store: list a bucket", "objects", points), Bar);
    }

    private static async Task ListAsync(FolderObjectStore store, string bucket, int expected)
    {
        var count = 0;
        await foreach (var _ in store.ListAsync(ObjectUrl.Parse($"s3://{bucket}/"))) count++;
        if (count != expected) throw new InvalidOperationException($"{count} of {expected} objects were listed.");
    }

    private static async Task SizesAsync(Report report, TemporaryFolder folder)
    {
        var store = new FolderObjectStore(folder["sizes"]);
        await store.CreateBucketAsync("sizes");
        var url = ObjectUrl.Parse("s3://sizes/object");
        var content = new byte[1 << 30];
        new Random(1).NextBytes(content.AsSpan(0, 1 << 20));
        var points = new List<GrowthPoint>();
        foreach (var size in new[] { 1 << 10, 1 << 16, 1 << 20, 1 << 24, 1 << 27, 1 << 30 })
        {
            var rounds = size > 1 << 24 ? 3 : Rounds * 3;
            points.Add(new GrowthPoint(size, await MedianAsync(rounds, () => CopyAsync(store, url, content, size))));
        }

        report.Grows(Fit("store: put and get an object", "bytes", points), Bar);
    }

    private static async Task CopyAsync(FolderObjectStore store, ObjectUrl url, byte[] content, int size)
    {
        await store.PutAsync(url, new MemoryStream(content, 0, size));
        await using var stored = await store.GetAsync(url);
        await stored.CopyToAsync(Stream.Null);
    }

    private static async Task NotebooksAsync(Report report, TemporaryFolder folder)
    {
        var points = new List<GrowthPoint>();
        foreach (var cells in new[] { 10, 100, 1_000, 3_000, 10_000 })
        {
            var file = folder[$"{cells}.ipynb"];
            await File.WriteAllTextAsync(file, Notebook(cells).ToJsonString());
            points.Add(new GrowthPoint(cells, Median(Rounds, () => NotebookDocument.Read(file).Save(file))));
        }

        report.Grows(Fit("notebook: read and save", "cells", points), Bar);
    }

    private static JsonObject Notebook(int cells) => new()
    {
        ["cells"] = new JsonArray([.. Enumerable.Range(0, cells).Select(i => (JsonNode)new JsonObject
        {
            ["cell_type"] = "code",
            ["execution_count"] = i + 1,
            ["id"] = $"cell-{i}",
            ["metadata"] = new JsonObject(),
            ["outputs"] = new JsonArray(new JsonObject
            {
                ["output_type"] = "stream",
                ["name"] = "stdout",
                ["text"] = new JsonArray("a line of output\n", "and another one\n"),
            }),
            ["source"] = new JsonArray($"var x{i} = {i};\n", $"Console.WriteLine(x{i});"),
        })]),
        ["metadata"] = new JsonObject
        {
            ["kernelspec"] = new JsonObject { ["display_name"] = ".NET (C#)", ["language"] = "C#", ["name"] = ".net-csharp" },
        },
        ["nbformat"] = 4,
        ["nbformat_minor"] = 5,
    };

    private static async Task LogsAsync(Report report, TemporaryFolder folder)
    {
        var points = new List<GrowthPoint>();
        foreach (var count in new[] { 1_000, 10_000, 100_000, 300_000, 1_000_000 })
        {
            var log = folder[$"log-{count}"];
            string file;
            using (var writer = new EventLogWriter(log, TimeProvider.System))
            {
                file = writer.Path;
                for (var step = 0; step < count; step++) writer.Scalar("loss", 1.0 / (step + 1), step);
            }

            points.Add(new GrowthPoint(count, Median(Rounds, () => Read(file, count))));
        }

        report.Grows(Fit("event log: read", "values", points), Bar);
        await Task.CompletedTask;
    }

    private static void Read(string file, int expected)
    {
        var count = new EventLogReader(file).ReadScalars().Count;
        if (count != expected) throw new InvalidOperationException($"{count} of {expected} values were read.");
    }

    private static Growth Fit(string what, string unit, IReadOnlyList<GrowthPoint> points)
    {
        var larger = points
            .Skip((points.Count - 1) / 2)
            .Select(point => (X: Math.Log(point.Size), Y: Math.Log(point.Milliseconds)))
            .ToList();
        var (meanX, meanY) = (larger.Average(point => point.X), larger.Average(point => point.Y));
        var slope = larger.Sum(point => (point.X - meanX) * (point.Y - meanY)) / larger.Sum(point => (point.X - meanX) * (point.X - meanX));
        return new Growth(what, unit, points, Math.Round(slope, 3));
    }

    private static double Median(int rounds, Action work) =>
        MedianAsync(rounds, () => { work(); return Task.CompletedTask; }).GetAwaiter().GetResult();

    private static async Task<double> MedianAsync(int rounds, Func<Task> work)
    {
        var times = new List<double>();
        for (var round = -1; round < rounds; round++)
        {
            GC.Collect();
            var start = Stopwatch.GetTimestamp();
            await work();
            if (round >= 0) times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }

        return times.Order().ElementAt(rounds / 2);
    }
}
