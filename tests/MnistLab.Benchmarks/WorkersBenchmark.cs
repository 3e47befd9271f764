using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using MnistLab.Testing;

namespace MnistLab.Benchmarks;

/// <summary>
/// Measures the cost of training on several workers: two workers with one thread each compared with one process with
/// two threads, the bytes that a step sends between machines, and a projection to more machines.
/// </summary>
internal static class WorkersBenchmark
{
    private const int Rounds = 3;
    private const string Sample = "96";

    private static readonly string Program = typeof(WorkersBenchmark).Assembly.Location;

    /// <summary>Runs all measurements.</summary>
    public static async Task RunAsync(Report report)
    {
        if (InstalledProgram.Find("mpiexec") is null)
        {
            report.Skip("several workers", "mpiexec is not installed");
            return;
        }

        foreach (var (model, batchSize, steps) in new[] { ("lenet", "96", 400), ("fast", "96", 600), ("best", "128", 150) })
            await CompareWithThreadsAsync(report, model, batchSize, steps);
        foreach (var hosts in new[] { 2, 4 }) await CountBytesAsync(report, "lenet", hosts);
        await CountBytesAsync(report, "fast", 2);
        await ProjectAsync(report);
    }

    private static async Task CompareWithThreadsAsync(Report report, string model, string batchSize, int steps)
    {
        var (ours, peer) = (new List<double>(), new List<double>());
        WorkersResult? last = null;
        for (var round = 0; round < Rounds; round++)
        {
            // Binds each worker to a processor: if a worker is moved to another one, both have to wait.
            last = await RunAsync(["mpiexec", "-bind-to", "core", "-n", "2"], model, batchSize, threads: 1, steps);
            ours.Add(1e6 / last.ImagesPerSecond);
            peer.Add(1e6 / (await RunAsync([], model, batchSize, threads: 2, steps)).ImagesPerSecond);
        }

        report.AtLeast(
            $"workers, {model}: images/s of 2 workers by 1 process with 2 threads",
            Comparison.OfMedians(ours, peer, "µs an image"),
            0.90);
        var step = double.Parse(batchSize, CultureInfo.InvariantCulture) / last!.ImagesPerSecond * 1000;
        report.Note(string.Create(
            CultureInfo.InvariantCulture,
            $"  a step takes {step:F2} ms, {last.ExchangeMilliseconds:F2} ms of it in the sum of {last.SummedBytes:N0} bytes"));
    }

    /// <summary>
    /// Counts the bytes that each machine sends in a step, as the difference between a long and a short run.
    /// </summary>
    private static async Task CountBytesAsync(Report report, string model, int hosts)
    {
        var what = FormattableString.Invariant($"workers, {model}: bytes that each of {hosts} machines sends in a step");
        using var network = HostNetwork.TryCreate(hosts);
        if (network is null)
        {
            report.Skip(what, "network namespaces are not permitted here");
            return;
        }

        // If there are more machines than processors, they share the processors.
        var (shortRun, longRun) = hosts == 2 ? (100, 300) : (10, 30);
        var launcher = network.OnFirst("mpiexec", "-f", network.HostFile, "-n", hosts.ToString(CultureInfo.InvariantCulture));
        long Sent() => Enumerable.Range(1, hosts).Sum(network.SentBytes);
        var start = Sent();
        var run = await RunAsync(launcher, model, Sample, threads: 1, shortRun, network.Variables);
        var middle = Sent();
        await RunAsync(launcher, model, Sample, threads: 1, longRun, network.Variables);
        var measured = (double)(Sent() - middle - (middle - start)) / (longRun - shortRun) / hosts;
        var expected = 2.0 * (hosts - 1) / hosts * run.Parameters * sizeof(float);
        report.Near(what, new Comparison(measured, expected, "bytes"), 0.02);
    }

    /// <summary>
    /// Projects the throughput of more machines from the measured time of a step on one machine and the time that a
    /// network with a given latency and bandwidth takes for the exchanges (R. Thakur, R. Rabenseifner, W. Gropp, 2005):
    /// 2 log₂ N messages and 2 (N − 1) / N of the bytes for the sum of gradients, and log₂ N messages for each of the
    /// four small exchanges of two batch-normalization layers.
    /// </summary>
    private static async Task ProjectAsync(Report report)
    {
        const int BatchOfAWorker = 96;
        const int SmallExchanges = 4;
        var one = await RunAsync([], "fast", Sample, threads: 1, 600);
        var compute = BatchOfAWorker / one.ImagesPerSecond;
        (string Name, double Latency, double BytesPerSecond)[] networks =
            [("10 Gbit/s Ethernet, 30 µs", 30e-6, 1.25e9), ("100 Gbit/s InfiniBand, 2 µs", 2e-6, 12.5e9)];
        report.Note(string.Create(
            CultureInfo.InvariantCulture,
            $"  projection, fast, {BatchOfAWorker} images a worker and step, {compute * 1000:F2} ms of computing:"));
        report.Note(
            $"  {"machines",8}{string.Concat(networks.Select(network => $"  {network.Name + ": images/s",38} {"efficiency",10}"))}");
        for (var machines = 1; machines <= 64; machines *= 2)
        {
            var line = string.Create(CultureInfo.InvariantCulture, $"  {machines,8}");
            foreach (var (_, latency, bytesPerSecond) in networks)
            {
                var messages = (2 + SmallExchanges) * Math.Log2(machines);
                var bytes = 2.0 * (machines - 1) / machines * one.Parameters * sizeof(float);
                var step = compute + (messages * latency) + (bytes / bytesPerSecond);
                line += string.Create(
                    CultureInfo.InvariantCulture,
                    $"  {machines * BatchOfAWorker / step,38:N0} {compute / step,10:P0}");
            }

            report.Note(line);
        }
    }

    private static async Task<WorkersResult> RunAsync(
        IReadOnlyList<string> launcher,
        string model,
        string batchSize,
        int threads,
        int steps,
        IReadOnlyDictionary<string, string>? variables = null)
    {
        var number = (int value) => value.ToString(CultureInfo.InvariantCulture);
        string[] command =
            [.. launcher, "dotnet", Program, WorkersRun.Argument, model, batchSize, number(threads), number(steps)];
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardOutput = true,
        };
        foreach (var (name, value) in variables ?? new Dictionary<string, string>()) start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0) throw new InvalidOperationException($"{string.Join(' ', command)} failed: {output}");
        return JsonSerializer.Deserialize<WorkersResult>(output)!;
    }
}
