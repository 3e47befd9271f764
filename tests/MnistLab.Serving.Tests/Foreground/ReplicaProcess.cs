using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using MnistLab.Serving.Instances;
using MnistLab.Testing;

namespace MnistLab.Serving.Tests.Foreground;

/// <summary>Represents the service program in the foreground, as a container or a process manager runs it.</summary>
internal sealed partial class ReplicaProcess : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output = [];
    private readonly ConcurrentQueue<string> _errors = [];
    private readonly TaskCompletionSource<Uri> _url = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ReplicaProcess(ProcessStartInfo start)
    {
        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, line) => Read(line.Data);
        _process.ErrorDataReceived += (_, line) => _errors.Enqueue(line.Data ?? "");
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>Gets the lines of the log.</summary>
    public IReadOnlyList<string> Log => [.. _output];

    /// <summary>Gets everything that the program has printed.</summary>
    public string Printed => string.Join(Environment.NewLine, _output.Concat(_errors));

    /// <summary>Gets the URL that the replica listens on; null until it does.</summary>
    public Task<Uri> Url => _url.Task.WaitAsync(Limit);

    public int Id => _process.Id;

    /// <summary>
    /// Starts the program with these arguments, and without any variables of the store or the service other than these.
    /// </summary>
    public static ReplicaProcess Start(IEnumerable<string> arguments, params (string Name, string Value)[] variables)
    {
        var start = new ProcessStartInfo("dotnet", [ServiceProgram.Path, .. arguments])
        {
            // The result must not depend on the current directory.
            WorkingDirectory = "/",
        };
        var own = start.Environment.Keys.Where(name => name.StartsWith("OBS_", StringComparison.Ordinal)
            || name.StartsWith("MNISTLAB_", StringComparison.Ordinal)).ToList();
        foreach (var name in own) start.Environment.Remove(name);
        foreach (var (name, value) in variables) start.Environment[name] = value;
        return Start(start);
    }

    /// <summary>Starts the program through another command, which executes it.</summary>
    public static ReplicaProcess Start(ProcessStartInfo start)
    {
        InterruptSignal.ReachesChildren();
        (start.RedirectStandardOutput, start.RedirectStandardError) = (true, true);
        return new ReplicaProcess(start);
    }

    /// <summary>Waits until the replica is ready to predict, and returns its URL.</summary>
    public async Task<Uri> WaitUntilReadyAsync()
    {
        await UntilAsync(async http => (await http.GetAsync("health/ready")).IsSuccessStatusCode, "ready");
        return await ReachedAsync();
    }

    /// <summary>Waits until a request to the replica has the expected result.</summary>
    public async Task UntilAsync(Func<HttpClient, Task<bool>> condition, string what)
    {
        using var http = LoopbackHttp.CreateClient(await ReachedAsync());
        var start = Stopwatch.GetTimestamp();
        while (!await condition(http))
        {
            var isWaiting = Stopwatch.GetElapsedTime(start) < Limit && !_process.HasExited;
            Assert.True(isWaiting, $"Not {what}:{Environment.NewLine}{Printed}");
            await Task.Delay(20);
        }
    }

    /// <summary>Waits until a line of the log contains a text.</summary>
    public async Task LoggedAsync(string text)
    {
        var start = Stopwatch.GetTimestamp();
        while (!_output.Any(line => line.Contains(text, StringComparison.Ordinal)))
        {
            Assert.True(Stopwatch.GetElapsedTime(start) < Limit, $"Not logged: {text}{Environment.NewLine}{Printed}");
            await Task.Delay(20);
        }
    }

    /// <summary>Sends SIGTERM.</summary>
    public void Terminate() => Signal("TERM");

    /// <summary>Sends a signal to the process.</summary>
    public void Signal(string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    /// <summary>Waits until the process has ended, and returns its exit code.</summary>
    public async Task<int> WaitForExitAsync()
    {
        using var limit = new CancellationTokenSource(Limit);
        await _process.WaitForExitAsync(limit.Token);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    // A replica that listens on all addresses is reached on the loopback interface.
    private async Task<Uri> ReachedAsync() => await Url is { Host: not "0.0.0.0" } url
        ? url
        : new UriBuilder(await Url) { Host = "127.0.0.1" }.Uri;

    private void Read(string? line)
    {
        if (line is null)
        {
            _url.TrySetException(new InvalidOperationException("It ended before it listened."));
            _ = _url.Task.Exception;
            return;
        }

        _output.Enqueue(line);
        if (Listening().Match(line) is { Success: true } match) _url.TrySetResult(new Uri(match.Groups["url"].Value));
    }

    [GeneratedRegex(@"Now listening on: (?<url>http://[\d.:]+)")]
    private static partial Regex Listening();
}
