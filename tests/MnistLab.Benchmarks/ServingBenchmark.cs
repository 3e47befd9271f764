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
    private const int Rounds = 60;
    private const int WarmUpRounds = 10;
    private const int Windows = 20;
    private const double Load = 0.7;
    private const int Megabyte = 1 << 20;

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
            var state = new RunFolder(Path.GetDirectoryName(service.LogFile)!).ReadState()!;
            report.AtMost("service: start to ready, of a second", new Comparison((state.Ready!.Value - state.ProcessStarted).TotalMilliseconds, 1000, "ms"), 1);

            var pixels = DigitImage.FromPixels(digits.Test.Image(0));
            var inference = InferenceTime(Directory.GetFiles(folder["obs"], "model.onnx", SearchOption.AllDirectories)[0], pixels.ToUnitInterval());
            var (ours, peer) = ((process, service.Url!), (bare, bareUrl));
            var multipart = await CompareAsync(ours, peer, Multipart(pixels.ToPng()), inference, 1.5);
            report.AtMost("service: PNG by multipart, of inference + 1.5 × bare Kestrel", multipart, 1);
            var binary = await CompareAsync(ours, peer, Binary(pixels.ToUnitInterval()), inference, 1.2);
            report.AtMost("service: tensor by v2 binary, of inference + 1.2 × bare Kestrel", binary, 1);

            if (OperatingSystem.IsLinux()) await CompareLatenciesAsync(report, ours, peer, Multipart(pixels.ToPng()));
            else report.Skip("service: p99 by p50", "the load sleeps by calls of Linux");

            process.Refresh();
            report.AtMost("service: resident memory after more than 100,000 requests, of 150 MB", new Comparison((double)process.WorkingSet64 / Megabyte, 150, "MB"), 1);
        }
        finally
        {
            bare.StandardInput.Close();
            await bare.WaitForExitAsync();
            bare.Dispose();
            await service.StopAsync();
        }
    }

    /// <summary>Asks both in turn, and compares what a request costs the service on average with inference and so many bare requests.</summary>
    private static async Task<Comparison> CompareAsync((Process Process, Uri Url) service, (Process Process, Uri Url) bare, byte[] request, double inference, double factor)
    {
        var (ours, peers) = (new List<double>(), new List<double>());
        // The first rounds warm up: until the last of the code has been compiled for the last time, some tens of thousands of requests have gone by.
        for (var i = -WarmUpRounds; i < Rounds; i++)
        {
            var (_, cost) = await HttpLoad.RunAsync(service.Process, service.Url, request, Requests);
            var (_, bareCost) = await HttpLoad.RunAsync(bare.Process, bare.Url, request, Requests);
            if (i < 0) continue;
            ours.Add(cost);
            peers.Add(bareCost);
        }

        return new Comparison(ours.Average(), inference + (factor * peers.Average()), $"µs (inference {inference:N0}, bare {peers.Average():N0})");
    }

    /// <summary>
    /// The quantiles at 70 % load, which is where the processors are busy 70 % of the time: the server's and the load's, which share them.
    /// At 70 % of the requests that a server answers in a closed loop they are busier than that, as nothing sleeps there and is woken again; these are noted.
    /// </summary>
    private static async Task CompareLatenciesAsync(Report report, (Process Process, Uri Url) service, (Process Process, Uri Url) bare, byte[] request)
    {
        var (quantiles, busy, rate) = await LatenciesAsync(service, request, isAdjusted: true);
        report.AtMost(string.Create(CultureInfo.InvariantCulture, $"service: p99 by p50 at {rate:N0} requests/s, processors {100 * busy:N0} % busy"), quantiles, 5);
        Note("bare Kestrel", await LatenciesAsync(bare, request, isAdjusted: true));
        Note("service at 70 % of its most in a closed loop", await LatenciesAsync(service, request, isAdjusted: false));
        Note("bare Kestrel at 70 % of its most", await LatenciesAsync(bare, request, isAdjusted: false));

        void Note(string what, (Comparison Quantiles, double Busy, double Rate) measured) => report.Note(string.Create(
            CultureInfo.InvariantCulture, $"  {what}: {measured.Quantiles.Ratio:F2} at {measured.Rate:N0} requests/s, processors {100 * measured.Busy:N0} % busy (p99 {measured.Quantiles.Ours:F2} ms, p50 {measured.Quantiles.Peer:F2} ms)"));
    }

    /// <summary>
    /// Asks for half a second at a time, at first at 70 % of the rate at which the server answers as fast as it can, and gives the medians of what 99 % and 50 % of the requests in such a time took at most, in ms:
    /// half a second in which the machine itself stood still for some milliseconds says nothing of a server.
    /// </summary>
    /// <param name="server">The server.</param>
    /// <param name="request">What to send.</param>
    /// <param name="isAdjusted">Whether the rate is changed each time, so that the processors are busy 70 % of the time.</param>
    private static async Task<(Comparison Quantiles, double Busy, double Rate)> LatenciesAsync((Process Process, Uri Url) server, byte[] request, bool isAdjusted)
    {
        var rates = new List<double>();
        for (var i = 0; i < WarmUpRounds; i++) rates.Add((await HttpLoad.RunAsync(server.Process, server.Url, request, Requests)).Rate);
        var rate = Load * rates.Average();
        var windows = new List<(double P99, double P50, double Busy, double Rate)>();
        for (var i = -WarmUpRounds; i < Windows; i++)
        {
            var (times, busy) = HttpLoad.RunAtRate(server.Url, request, rate, TimeSpan.FromSeconds(0.5));
            if (i >= 0) windows.Add((times[times.Length * 99 / 100], times[times.Length / 2], busy, rate));
            if (isAdjusted) rate *= Math.Clamp(Load / busy, 0.8, 1.25);
        }

        return (new Comparison(Median(windows, window => window.P99), Median(windows, window => window.P50), "ms"), Median(windows, window => window.Busy), Median(windows, window => window.Rate));
    }

    private static double Median<T>(List<T> values, Func<T, double> part) => Median([.. values.Select(part)]);

    /// <summary>The processor time of one inference in µs, called in a loop as ONNX Runtime's documentation shows it, with one thread.</summary>
    private static double InferenceTime(string model, float[] pixels)
    {
        using var options = new SessionOptions { IntraOpNumThreads = 1, InterOpNumThreads = 1 };
        using var session = new InferenceSession(model, options);
        using var runOptions = new RunOptions();
        var times = new List<double>();
        for (var i = 0; i < Rounds; i++)
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
