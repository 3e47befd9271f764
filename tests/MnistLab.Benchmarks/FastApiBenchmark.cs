using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using MnistLab.Data.Datasets;
using MnistLab.Data.Images;
using MnistLab.Data.Workspaces;
using MnistLab.Serving.Deployment;
using MnistLab.Testing;

namespace MnistLab.Benchmarks;

/// <summary>
/// Compares the online service with FastAPI and PyTorch, with the same small network and the same requests: <c>wrk</c>
/// sends a PNG as multipart form data over eight connections, to one server after the other.
/// </summary>
internal static partial class FastApiBenchmark
{
    private const int Rounds = 5;
    private const int Seconds = 3;
    private const string Connections = "8";

    public static async Task RunAsync(Report report)
    {
        const string What = "service, against FastAPI and PyTorch";
        if (Python.Find("torch", "fastapi", "uvicorn", "multipart", "PIL") is not { } python)
        {
            report.Skip(
                What,
                "python3-torch, python3-fastapi, uvicorn, python3-multipart, or python3-pil is missing (BENCHMARKS=1 .ci/run installs them)");
            return;
        }

        if (InstalledProgram.Find("wrk") is not { } wrk)
        {
            report.Skip(What, "wrk is not installed (BENCHMARKS=1 .ci/run installs it)");
            return;
        }

        using var folder = new TemporaryFolder();
        var digits = MnistDataset.Load(Workspace.Find().SampleFolder);
        var (store, model) = await ServingBenchmark.RegisterAsync(folder, digits.Train, digits.Test);
        var service = await new OnlineServices(folder["services"]).DeployAsync("benchmark", model, store);
        using var peer = await PeerAsync(python);
        try
        {
            using var ours = Process.GetProcessById(service.ProcessId!.Value);
            var script = folder["request.lua"];
            await File.WriteAllTextAsync(script, Script(DigitImage.FromPixels(digits.Test.Image(0)).ToPng()));
            await CompareAsync(report, wrk, script, (ours, service.Url!), (peer.Process, peer.Url));
        }
        finally
        {
            await service.StopAsync();
        }
    }

    private static async Task CompareAsync(
        Report report, string wrk, string script, (Process Process, Uri Url) service, (Process Process, Uri Url) peer)
    {
        var (ours, peers) = (new List<Load>(), new List<Load>());
        for (var round = -2; round < Rounds; round++)
        {
            var (load, peerLoad) = (await LoadAsync(wrk, script, service), await LoadAsync(wrk, script, peer));
            if (round < 0) continue;
            ours.Add(load);
            peers.Add(peerLoad);
        }

        report.AtLeastRatio("service: requests/s by FastAPI's", Of(load => load.Rate, "requests/s"), 30);
        report.AtMost("service: p99 by FastAPI's", Of(load => load.P99, "ms"), 0.05);
        report.AtMost("service: processor time of a request by FastAPI's", Of(load => load.Cost, "µs"), 0.04);

        Comparison Of(Func<Load, double> figure, string unit) =>
            Comparison.OfMedians([.. ours.Select(figure)], [.. peers.Select(figure)], unit);
    }

    private static async Task<Load> LoadAsync(string wrk, string script, (Process Process, Uri Url) server)
    {
        server.Process.Refresh();
        var before = server.Process.TotalProcessorTime;
        string[] arguments = ["-t1", $"-c{Connections}", $"-d{Seconds}", "--latency", "-s", script, $"{server.Url}"];
        using var process = Process.Start(new ProcessStartInfo(wrk, arguments) { RedirectStandardOutput = true })!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        server.Process.Refresh();
        var used = server.Process.TotalProcessorTime - before;
        var match = Figures().Match(output);
        if (!match.Success || output.Contains("Non-2xx", StringComparison.Ordinal))
            throw new InvalidOperationException($"wrk failed at {server.Url}: {output}");
        var count = Number(match.Groups["count"]);
        return new Load(Number(match.Groups["rate"]), Milliseconds(match), used.TotalMicroseconds / count);

        static double Number(Group group) => double.Parse(group.Value, CultureInfo.InvariantCulture);

        static double Milliseconds(Match match) => Number(match.Groups["p99"]) * match.Groups["unit"].Value switch
        {
            "us" => 0.001,
            "ms" => 1,
            _ => 1000,
        };
    }

    private static string Script(byte[] png)
    {
        var content = string.Concat(png.Select(value => string.Create(CultureInfo.InvariantCulture, $"\\{value:D3}")));
        return $"""
            wrk.method = "POST"
            wrk.headers["Content-Type"] = "multipart/form-data; boundary=digit"
            wrk.body = "--digit\r\nContent-Disposition: form-data; name=\"images\"; filename=\"digit.png\"\r\n" ..
              "Content-Type: image/png\r\n\r\n{content}\r\n--digit--\r\n"
            """;
    }

    private static async Task<Peer> PeerAsync(string python)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        string[] arguments =
        [
            "-m", "uvicorn", "serve:app", "--app-dir", Python.PathOf(""), "--host", "127.0.0.1",
            "--port", port.ToString(CultureInfo.InvariantCulture), "--no-access-log", "--log-level", "warning",
        ];
        var process = Process.Start(new ProcessStartInfo(python, arguments))!;
        var peer = new Peer(process, new Uri($"http://127.0.0.1:{port}/"));
        while (!await IsListeningAsync(port))
        {
            if (process.HasExited) throw new InvalidOperationException($"uvicorn ended with exit code {process.ExitCode}.");
            await Task.Delay(TimeSpan.FromMilliseconds(50));
        }

        return peer;
    }

    private static async Task<bool> IsListeningAsync(int port)
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(IPAddress.Loopback, port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    [GeneratedRegex(@"99%\s+(?<p99>[\d.]+)(?<unit>us|ms|s)[\s\S]*?(?<count>\d+) requests in[\s\S]*?Requests/sec:\s+(?<rate>[\d.]+)")]
    private static partial Regex Figures();

    private sealed record Load(double Rate, double P99, double Cost);

    private sealed record Peer(Process Process, Uri Url) : IDisposable
    {
        public void Dispose()
        {
            Process.Kill(entireProcessTree: true);
            Process.WaitForExit();
            Process.Dispose();
        }
    }
}
