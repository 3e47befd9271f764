using System.Diagnostics;
using System.Globalization;
using Microsoft.ML.OnnxRuntime;
using MnistLab.Client;
using MnistLab.Data.Datasets;
using MnistLab.Data.Images;
using MnistLab.Data.Workspaces;
using MnistLab.Models.Registry;
using MnistLab.Serving.Deployment;
using MnistLab.Serving.Instances;
using MnistLab.Serving.Protocols.OpenInferenceGrpc;
using MnistLab.Storage;
using MnistLab.Storage.Folders;
using MnistLab.Testing;
using MnistLab.Training;
using MnistLab.Training.Networks;
using MnistLab.Training.Results;

namespace MnistLab.Benchmarks;

/// <summary>
/// Measures the cost of the online service beyond the minimum: inference alone, called in a loop with ONNX Runtime, and
/// a web server that reads the same body. The processor time of the server's process is measured, so that neither the
/// process that generates the load nor the rest of the machine counts.
/// </summary>
internal static class ServingBenchmark
{
    private const int Requests = 5_000;
    private const int Rounds = 20;
    private const int WarmUpRounds = 10;
    private const int Askers = 4;
    private const int InferenceRounds = 60;
    private const double Load = 0.7;
    private const int Megabyte = 1 << 20;
    private static readonly TimeSpan RoundDuration = TimeSpan.FromSeconds(0.5);

    public static async Task RunAsync(Report report)
    {
        using var folder = new TemporaryFolder();
        var digits = MnistDataset.Load(Workspace.Find().SampleFolder);
        var (store, registered) = await RegisterAsync(folder, digits.Train, digits.Test);
        var services = new OnlineServices(folder["services"]);
        var service = await services.DeployAsync(
            "benchmark", ServiceConfiguration.From(registered) with { GrpcPort = ServiceConfiguration.AnyPort }, store);
        var (bare, bareUrl) = await BareService.StartAsync(isTuned: true);
        var (plain, plainUrl) = await BareService.StartAsync(isTuned: false);
        var (bareGrpc, bareGrpcUrl) = await BareService.StartAsync(isTuned: true, isGrpc: true);
        try
        {
            using var process = Process.GetProcessById(service.ProcessId!.Value);
            var run = new InstanceFolder(Path.GetDirectoryName(service.LogFile)!);
            var state = run.ReadState()!;
            report.AtMost(
                "service: start to ready, of a second",
                new Comparison((state.Ready!.Value - state.ProcessStarted).TotalMilliseconds, 1000, "ms"),
                1);

            var pixels = DigitImage.FromPixels(digits.Test.Image(0));
            var inference = InferenceTime(
                Directory.GetFiles(folder["obs"], "model.onnx", SearchOption.AllDirectories)[0],
                pixels.ToUnitInterval());
            if (OperatingSystem.IsLinux())
            {
                var measured = await CompareAsync(Http(ServingRequests.Multipart(pixels.ToPng())));
                ReportCosts(report, "PNG by multipart", measured, inference);
                ReportLatencies(report, measured);
                ReportCosts(report, "tensor by v2 binary", await CompareAsync(Http(ServingRequests.Binary(pixels.ToUnitInterval()))), inference);
                ReportCosts(report, "tensor by gRPC", await CompareAsync(Grpc(pixels.ToUnitInterval())), inference);
            }
            else
            {
                report.Skip("service: processor time and latencies of a request", "the load sleeps by calls of Linux");
            }

            process.Refresh();
            report.AtMost(
                "service: resident memory after more than 100,000 requests, of 150 MB",
                new Comparison((double)process.WorkingSet64 / Megabyte, 150, "MB"),
                1);
            report.AtMost("service: killed while clients ask to ready again, of 2 seconds", new Comparison(
                (await KillAsync(process, run, service.Url!, pixels.ToPng())).TotalMilliseconds, 2000, "ms"), 1);
        }
        finally
        {
            foreach (var server in new[] { bare, plain, bareGrpc })
            {
                server.StandardInput.Close();
                await server.WaitForExitAsync();
                server.Dispose();
            }

            await service.StopAsync();
        }

        Server[] Http(byte[] request) =>
            [.. new[] { (Process.GetProcessById(service.ProcessId!.Value), service.Url!), (bare, bareUrl), (plain, plainUrl) }
                .Select(server => new Server(server.Item1, server.Item2, _ => new Http1Exchange(request)))];

        Server[] Grpc(float[] image)
        {
            var message = ServingRequests.Message(image);
            return [.. new[] { (Process.GetProcessById(service.ProcessId!.Value), service.GrpcUrl!), (bareGrpc, bareGrpcUrl) }
                .Select(server => new Server(
                    server.Item1,
                    server.Item2,
                    socket => new GrpcExchange(socket, server.Item2.Authority, InferenceMethods.InferPath, message)))];
        }
    }

    /// <summary>
    /// Sends requests to all servers alternately: in a closed loop, and at the rate at which the service and the load
    /// together keep the processors 70% busy. The rate must be the same for all servers, because it affects the cost of
    /// a request: a server that is idle between requests wakes threads for each request, which is most of the work of a
    /// web server. In a closed loop, few threads are woken, and a bare server, which responds sooner, receives more
    /// than twice as many requests.
    /// </summary>
    private static async Task<ServerLoads[]> CompareAsync(Server[] servers)
    {
        ServerLoads[] loads = [.. servers.Select(_ => new ServerLoads([], []))];
        // The first rounds are a warm-up: the last code is compiled for the last time after tens of thousands of
        // requests.
        for (var round = -WarmUpRounds; round < Rounds; round++)
        {
            foreach (var (server, load) in servers.Zip(loads))
            {
                var closed = await HttpLoad.RunAsync(server, Requests);
                if (round >= 0) load.Closed.Add(closed);
            }
        }

        var rate = Load * loads[0].Closed.Average(load => load.Rate);
        for (var round = -WarmUpRounds; round < Rounds; round++)
        {
            PacedLoad[] paced = [.. servers.Select(server => HttpLoad.RunAtRate(server, rate, RoundDuration))];
            rate *= Math.Clamp(Load / paced[0].Busy, 0.8, 1.25);
            if (round < 0) continue;
            foreach (var (one, load) in paced.Zip(loads)) load.Paced.Add(one);
        }

        return loads;
    }

    /// <summary>Kills the service's process while clients send requests, none of which may fail.</summary>
    /// <returns>The time until its successor was ready.</returns>
    private static async Task<TimeSpan> KillAsync(Process process, InstanceFolder run, Uri url, byte[] png)
    {
        using var client = new PredictionClient(url);
        using var end = new CancellationTokenSource();
        Task[] askers = [.. Enumerable.Range(0, Askers).Select(_ => Task.Run(async () =>
        {
            while (!end.IsCancellationRequested) await client.PredictAsync(png);
        }))];
        await client.PredictAsync(png);
        var killed = DateTimeOffset.UtcNow;
        process.Kill();
        RunState? state;
        while ((state = run.ReadState()) is not { Ready: not null } || state.ProcessId == process.Id)
        {
            if (DateTimeOffset.UtcNow - killed > OnlineServices.StartLimit)
                throw new InvalidOperationException("The service that was killed did not come back.");
            await Task.Delay(TimeSpan.FromMilliseconds(20));
        }

        await client.PredictAsync(png);
        await end.CancelAsync();
        await Task.WhenAll(askers);
        return state.Ready.Value - killed;
    }

    private static void ReportCosts(Report report, string what, ServerLoads[] loads, double inference)
    {
        var unit = Text($"µs, of which inference {inference:N0}");
        report.AtMost($"service: {what}, processor time by inference + Kestrel tuned alike", Paced(loads[1]), 1);
        if (loads.Length > 2) report.AtMost($"service: {what}, by inference + Kestrel as .NET has it", Paced(loads[2]), 1);
        report.AtMost($"service: {what}, closed loop, by inference + Kestrel tuned alike", Closed(loads[1]), 1.2);
        report.Note(
            Text(
                $"  {what}: all at {Rate(loads[0].Paced):N0} requests/s; in the closed loop the service at {loads[0].Closed.Average(load => load.Rate):N0}, Kestrel at {loads[1].Closed.Average(load => load.Rate):N0}"));

        Comparison Paced(ServerLoads peer) => Comparison.OfMedians(
            [.. loads[0].Paced.Select(load => load.ProcessorTime)], [.. peer.Paced.Select(load => inference + load.ProcessorTime)], unit);

        Comparison Closed(ServerLoads peer) => Comparison.OfMedians(
            [.. loads[0].Closed.Select(load => load.Cost)], [.. peer.Closed.Select(load => inference + load.Cost)], unit);
    }

    private static void ReportLatencies(Report report, ServerLoads[] loads)
    {
        var (ours, bare) = (Quantiles(loads[0].Paced), Quantiles(loads[1].Paced));
        report.AtMost(
            Text($"service: p99/p50 with the processors {100 * Busy(loads[0].Paced):N0}% busy, by bare Kestrel's"),
            new Comparison(
                ours.Ratio,
                bare.Ratio,
                Text($"(p99 {ours.Ours:F2} ms, p50 {ours.Peer:F2} ms; bare {bare.Ours:F2}, {bare.Peer:F2})")), 1);
    }

    /// <summary>The medians of the 99th and 50th percentiles of the latencies in each tenth of a second.</summary>
    private static Comparison Quantiles(IReadOnlyList<PacedLoad> loads)
    {
        var slices = loads.SelectMany(load => load.Quantiles()).ToList();
        return new Comparison(Median(slices, slice => slice.P99), Median(slices, slice => slice.P50), "ms");
    }

    private static double Rate(IReadOnlyList<PacedLoad> loads) => loads.Average(load => load.Rate);

    private static double Busy(IReadOnlyList<PacedLoad> loads) => loads.Average(load => load.Busy);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static double Median<T>(List<T> values, Func<T, double> part) => Median([.. values.Select(part)]);

    /// <summary>
    /// Measures the processor time of one inference in µs, called in a loop as in the documentation of ONNX Runtime,
    /// with one thread.
    /// </summary>
    private static double InferenceTime(string model, float[] pixels)
    {
        using var options = new SessionOptions { IntraOpNumThreads = 1, InterOpNumThreads = 1 };
        using var session = new InferenceSession(model, options);
        using var runOptions = new Microsoft.ML.OnnxRuntime.RunOptions();
        var times = new List<double>();
        for (var i = 0; i < InferenceRounds; i++)
        {
            var before = Environment.CpuUsage.TotalTime;
            for (var j = 0; j < Requests; j++)
            {
                using var input = OrtValue.CreateTensorValueFromMemory(pixels, [1, 1, 28, 28]);
                using var outputs = session.Run(runOptions, ["images"], [input], ["logits"]);
                _ = outputs[0].GetTensorDataAsSpan<float>()[0];
            }

            times.Add((Environment.CpuUsage.TotalTime - before).TotalMicroseconds / Requests);
        }

        return Median(times);
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    /// <summary>Trains a small network briefly, and registers it.</summary>
    public static async Task<(IObjectStore Store, RegisteredModel Model)> RegisterAsync(
        TemporaryFolder folder, ImageDataset train, ImageDataset test)
    {
        var store = new FolderObjectStore(folder["obs"]);
        var output = ObjectUrl.Parse("s3://bucket/log/V0001/");
        await store.CreateBucketAsync(output.Bucket);
        const long Steps = 200;
        using var network = Mox.Run(
            _ => train,
            _ => ModelSpec.Classifier(DigitModels.Create(DigitModels.Fast)),
            ModelPreset.Fast.OptimizerFor(Steps),
            batchSize: 96,
            maxNumberOfSteps: Steps,
            log: TextWriter.Null).Network;
        var manifest = new TrainingManifest(
            DigitModels.Fast,
            0,
            new Dictionary<string, string>(),
            new Dictionary<string, string>(),
            Steps,
            1,
            new Dictionary<string, double>());
        await ModelPackage.SaveAsync(
            store,
            output,
            network,
            Evaluation.Compute(network, test),
            manifest,
            Path.Combine(Workspace.Find().Root, "notebooks", "codes", "customize_service.cs"));
        return (store, await new ModelRegistry(store, ObjectUrl.Parse("s3://bucket/models/")).ImportAsync("digits", output));
    }
}
