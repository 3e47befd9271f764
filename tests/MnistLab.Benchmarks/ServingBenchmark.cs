using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using Microsoft.ML.OnnxRuntime;
using MnistLab.Data;
using MnistLab.Serving;
using MnistLab.Testing;
using MnistLab.Training;

namespace MnistLab.Benchmarks;

/// <summary>
/// What the online service costs beyond what it cannot do without: the inference itself, as ONNX Runtime does it in a loop, and a web server that reads the same body.
/// Measured as processor time of the server's process, so that neither the load's process nor the rest of the machine counts.
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
        var service = await services.DeployAsync("benchmark", registered, store);
        var (bare, bareUrl) = await BareService.StartAsync();
        try
        {
            using var process = Process.GetProcessById(service.ProcessId!.Value);
            var run = new InstanceFolder(Path.GetDirectoryName(service.LogFile)!);
            var state = run.ReadState()!;
            report.AtMost("service: start to ready, of a second", new Comparison((state.Ready!.Value - state.ProcessStarted).TotalMilliseconds, 1000, "ms"), 1);

            var pixels = DigitImage.FromPixels(digits.Test.Image(0));
            var inference = InferenceTime(Directory.GetFiles(folder["obs"], "model.onnx", SearchOption.AllDirectories)[0], pixels.ToUnitInterval());
            var (ours, peer) = ((process, service.Url!), (bare, bareUrl));
            if (OperatingSystem.IsLinux())
            {
                var multipart = Multipart(pixels.ToPng());
                var measured = await CompareAsync(ours, peer, multipart);
                ReportCosts(report, "service: PNG by multipart, of inference + 1.5 × bare Kestrel", measured, inference, 1.5);
                ReportLatencies(report, measured, [.. Enumerable.Range(0, Rounds).Select(_ => HttpLoad.RunAtRate(process, service.Url!, multipart, measured.ClosedRate, RoundDuration))]);
                ReportCosts(report, "service: tensor by v2 binary, of inference + 1.2 × bare Kestrel", await CompareAsync(ours, peer, Binary(pixels.ToUnitInterval())), inference, 1.2);
            }
            else
            {
                report.Skip("service: processor time and latencies of a request", "the load sleeps by calls of Linux");
            }

            process.Refresh();
            report.AtMost("service: resident memory after more than 100,000 requests, of 150 MB", new Comparison((double)process.WorkingSet64 / Megabyte, 150, "MB"), 1);
            report.AtMost("service: killed while clients ask to ready again, of 2 seconds", new Comparison((await KillAsync(process, run, service.Url!, pixels.ToPng())).TotalMilliseconds, 2000, "ms"), 1);
        }
        finally
        {
            bare.StandardInput.Close();
            await bare.WaitForExitAsync();
            bare.Dispose();
            await service.StopAsync();
        }
    }

    /// <summary>
    /// Asks both in turn at the same rate, which is the one at which the service keeps the processors 70 % busy: with its work and the load's, which share them.
    /// The rate has to be the same because it decides what a request costs: where a server has nothing to do in between, each request wakes threads anew, which is most of a web server's work for it.
    /// In a closed loop few do, and the peer, which answers sooner, is asked more than twice as often. What requests cost there is noted.
    /// </summary>
    private static async Task<LoadComparison> CompareAsync((Process Process, Uri Url) service, (Process Process, Uri Url) bare, byte[] request)
    {
        var (ours, peers) = (new List<(double Rate, double Cost)>(), new List<(double Rate, double Cost)>());
        // The first rounds warm up: until the last of the code has been compiled for the last time, some tens of thousands of requests have gone by.
        for (var i = -WarmUpRounds; i < Rounds; i++)
        {
            var (round, bareRound) = (await HttpLoad.RunAsync(service.Process, service.Url, request, Requests), await HttpLoad.RunAsync(bare.Process, bare.Url, request, Requests));
            if (i < 0) continue;
            ours.Add(round);
            peers.Add(bareRound);
        }

        var closedRate = Load * ours.Average(round => round.Rate);
        var rate = closedRate;
        var (loads, bareLoads) = (new List<PacedLoad>(), new List<PacedLoad>());
        for (var i = -WarmUpRounds; i < Rounds; i++)
        {
            var load = HttpLoad.RunAtRate(service.Process, service.Url, request, rate, RoundDuration);
            var bareLoad = HttpLoad.RunAtRate(bare.Process, bare.Url, request, rate, RoundDuration);
            rate *= Math.Clamp(Load / load.Busy, 0.8, 1.25);
            if (i < 0) continue;
            loads.Add(load);
            bareLoads.Add(bareLoad);
        }

        return new LoadComparison(loads, bareLoads, closedRate, ours.Average(round => round.Cost), peers.Average(round => round.Cost));
    }

    /// <summary>Kills the service's process while clients ask, none of which may see an error.</summary>
    /// <returns>After what time its successor was ready.</returns>
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
            if (DateTimeOffset.UtcNow - killed > OnlineServices.StartLimit) throw new InvalidOperationException("The service that was killed did not come back.");
            await Task.Delay(TimeSpan.FromMilliseconds(20));
        }

        await client.PredictAsync(png);
        await end.CancelAsync();
        await Task.WhenAll(askers);
        return state.Ready.Value - killed;
    }

    private static void ReportCosts(Report report, string what, LoadComparison measured, double inference, double factor)
    {
        var (ours, bare) = (measured.Service.Average(load => load.ProcessorTime), measured.Bare.Average(load => load.ProcessorTime));
        report.AtMost(what, new Comparison(ours, inference + (factor * bare), Text($"µs (inference {inference:N0}, bare {bare:N0})")), 1);
        report.Note(Text($"  both at {Rate(measured.Service):N0} requests/s; in a closed loop {measured.ClosedCost / (inference + (factor * measured.BareClosedCost)):F2} (ours {measured.ClosedCost:N0} µs, bare {measured.BareClosedCost:N0})"));
    }

    private static void ReportLatencies(Report report, LoadComparison measured, IReadOnlyList<PacedLoad> atClosedRate)
    {
        report.AtMost(Text($"service: p99 by p50 at {Rate(measured.Service):N0} requests/s, processors {100 * Busy(measured.Service):N0} % busy"), Quantiles(measured.Service), 5);
        Note("bare Kestrel", measured.Bare);
        Note("service at 70 % of its most in a closed loop", atClosedRate);

        void Note(string what, IReadOnlyList<PacedLoad> loads)
        {
            var quantiles = Quantiles(loads);
            report.Note(Text($"  {what}: {quantiles.Ratio:F2} at {Rate(loads):N0} requests/s, processors {100 * Busy(loads):N0} % busy (p99 {quantiles.Ours:F2} ms, p50 {quantiles.Peer:F2} ms)"));
        }
    }

    /// <summary>The medians of what 99 % and 50 % of the requests of a tenth of a second took at most.</summary>
    private static Comparison Quantiles(IReadOnlyList<PacedLoad> loads)
    {
        var slices = loads.SelectMany(load => load.Quantiles()).ToList();
        return new Comparison(Median(slices, slice => slice.P99), Median(slices, slice => slice.P50), "ms");
    }

    private static double Rate(IReadOnlyList<PacedLoad> loads) => loads.Average(load => load.Rate);

    private static double Busy(IReadOnlyList<PacedLoad> loads) => loads.Average(load => load.Busy);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static double Median<T>(List<T> values, Func<T, double> part) => Median([.. values.Select(part)]);

    /// <summary>The processor time of one inference in µs, called in a loop as ONNX Runtime's documentation shows it, with one thread.</summary>
    private static double InferenceTime(string model, float[] pixels)
    {
        using var options = new SessionOptions { IntraOpNumThreads = 1, InterOpNumThreads = 1 };
        using var session = new InferenceSession(model, options);
        using var runOptions = new RunOptions();
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

    private static async Task<(IObjectStore Store, RegisteredModel Model)> RegisterAsync(TemporaryFolder folder, DigitSet train, DigitSet test)
    {
        var store = new FolderObjectStore(folder["obs"]);
        var output = ObjectUrl.Parse("s3://bucket/log/V0001/");
        await store.CreateBucketAsync(output.Bucket);
        const long Steps = 200;
        using var network = Mox.Run(_ => train, _ => ModelSpec.Classifier(DigitModels.Create(DigitModels.Fast)), ModelPreset.Fast.OptimizerFor(Steps), batchSize: 96, maxNumberOfSteps: Steps, log: TextWriter.Null).Network;
        var manifest = new TrainingManifest(DigitModels.Fast, 0, new Dictionary<string, string>(), new Dictionary<string, string>(), Steps, 1, new Dictionary<string, double>());
        await Training.ModelPackage.SaveAsync(store, output, network, Evaluation.Of(network, test), manifest, Path.Combine(Workspace.Find().Root, "notebooks", "codes", "customize_service.cs"));
        return (store, await new ModelRegistry(store, ObjectUrl.Parse("s3://bucket/models/")).ImportAsync("digits", output));
    }

    private static byte[] Multipart(byte[] png) => Request(
        "POST / HTTP/1.1\r\nContent-Type: multipart/form-data; boundary=------------------------d74496d66958873e",
        [.. "--------------------------d74496d66958873e\r\nContent-Disposition: form-data; name=\"images\"; filename=\"digit.png\"\r\nContent-Type: image/png\r\n\r\n"u8, .. png, .. "\r\n--------------------------d74496d66958873e--\r\n"u8]);

    private static byte[] Binary(float[] pixels)
    {
        var json = """{"inputs":[{"name":"images","shape":[1,1,28,28],"datatype":"FP32","parameters":{"binary_data_size":3136}}],"outputs":[{"name":"logits","parameters":{"binary_data":true}}]}"""u8;
        var body = new byte[json.Length + (4 * pixels.Length)];
        json.CopyTo(body);
        for (var i = 0; i < pixels.Length; i++) BinaryPrimitives.WriteSingleLittleEndian(body.AsSpan(json.Length + (4 * i)), pixels[i]);
        return Request($"POST /v2/models/digits/infer HTTP/1.1\r\nInference-Header-Content-Length: {json.Length}\r\nContent-Type: application/octet-stream", body);
    }

    private static byte[] Request(string head, byte[] body) => [.. Encoding.ASCII.GetBytes($"{head}\r\nHost: localhost\r\nContent-Length: {body.Length}\r\n\r\n"), .. body];
}
