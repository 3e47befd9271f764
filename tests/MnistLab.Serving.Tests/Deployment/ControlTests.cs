using MnistLab.Hosting;
using MnistLab.Serving.Deployment;
using MnistLab.Serving.Instances;
using MnistLab.Testing;

namespace MnistLab.Serving.Tests;

/// <summary>
/// Represents another program at the address of a service, which responds to every request with an HTML page.
/// </summary>
public sealed class ControlTests : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ProxyRecorder _other = new();
    private readonly InstanceFolder _instance;
    private readonly FileLock _supervisor;

    public ControlTests()
    {
        _instance = new InstanceFolder(_folder["digits/runs/first"]);
        Directory.CreateDirectory(_instance.Path);
        _supervisor = FileLock.TryAcquire(_instance.SupervisorLock)!;
        _instance.WriteSettings(Settings);
        _instance.WriteState(new RunState(Environment.ProcessId, DateTime.UtcNow) { Url = _other.Url, Ready = DateTimeOffset.UtcNow });
    }

    private static RunSettings Settings => new("digits", [], 0, "control-key-of-the-test", TimeSpan.FromSeconds(40));

    public async ValueTask DisposeAsync()
    {
        await _other.DisposeAsync();
        _supervisor.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Configure_WhenTheResponseIsNotJson_SaysWhatCame()
    {
        var error = await Assert.ThrowsAsync<DeploymentException>(
            () => new RunningService(_instance, TimeProvider.System).ConfigureAsync(Settings, default));

        Assert.Contains("502 Bad Gateway and text/html", error.Message, StringComparison.Ordinal);
        Assert.Contains($"{_other.Url.Port}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WaitUntilReady_WhenTheServiceNeverIs_EndsWithTheLog()
    {
        await File.WriteAllTextAsync(_instance.Log, "the last line of the log");

        var error = await Assert.ThrowsAsync<DeploymentException>(
            () => new RunningService(_instance, new FastTime()).WaitUntilReadyAsync(null, default));

        Assert.Contains("not ready after 60 s", error.Message, StringComparison.Ordinal);
        Assert.Contains("the last line of the log", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WaitUntilReady_WhenCancelled_IsCancelled()
    {
        using var cancellation = new CancellationTokenSource();
        var waiting = new RunningService(_instance, TimeProvider.System).WaitUntilReadyAsync(null, cancellation.Token);

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    /// <summary>Represents a clock on which a minute takes a tenth of a second.</summary>
    private sealed class FastTime : TimeProvider
    {
        private const int Speed = 600;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            System.CreateTimer(callback, state, Scaled(dueTime), Scaled(period));

        private static TimeSpan Scaled(TimeSpan time) => time == Timeout.InfiniteTimeSpan ? time : time / Speed;
    }
}
