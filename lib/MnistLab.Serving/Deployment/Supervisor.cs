using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace MnistLab.Serving;

/// <summary>
/// The process beside a service's process: starts it, starts it again when it crashes, and ends it on request, at its time, or on a signal.
/// Should the supervisor be killed, the service starts another one, which takes over the process that it finds.
/// </summary>
internal sealed class Supervisor(InstanceFolder run, TimeProvider time)
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);

    // While all is well: requests to stop may wait so long, the end of the process does not.
    private static readonly TimeSpan SlowPoll = TimeSpan.FromMilliseconds(250);

    private readonly RestartPolicy _policy = new(time, run.ReadSupervisor()?.Crashes ?? 0);
    private SupervisorState _state = (run.ReadSupervisor() ?? new SupervisorState(0, SupervisorPhase.Starting)) with { ProcessId = Environment.ProcessId };
    private RunSettings _settings = run.ReadSettings();
    private DateTime _settingsWritten;
    private volatile string? _signal;

    /// <summary>Supervises until the service has ended for good.</summary>
    /// <returns>0 if it ended as it should, 1 if it never became ready.</returns>
    public async Task<int> RunAsync()
    {
        using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal);
        using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal);
        // Whoever wants to end this process has to know it.
        Write(_state);
        var wasReady = _state.Phase is SupervisorPhase.Ready or SupervisorPhase.Waiting;
        while (true)
        {
            var (stopped, problem) = await WatchProcessAsync();
            wasReady |= _state.Phase == SupervisorPhase.Ready;
            if (stopped is not null) return End(SupervisorPhase.Stopped, stopped, $"stopped: {stopped}");
            if (!wasReady) return End(SupervisorPhase.Failed, problem!, "ended before it was ready");

            var delay = _policy.Crashed();
            Write(_state with { Phase = SupervisorPhase.Waiting, Restarts = _state.Restarts + 1, Crashes = _policy.Crashes });
            AddEvent(string.Create(CultureInfo.InvariantCulture, $"{FirstLine(problem!)} It is started again{(delay > TimeSpan.Zero ? $" in {delay.TotalSeconds:0.##} s" : "")}."));
            if (_policy.Crashes == RestartPolicy.Concerning) AddEvent($"concerning: {_policy.Crashes} crashes, one soon after the other");
            if (await RequestedWithinAsync(delay) is { } reason) return End(SupervisorPhase.Stopped, reason, $"stopped: {reason}");
        }
    }

    /// <summary>Starts the process, or takes over the one that is there, and waits until it has ended.</summary>
    /// <returns>Why it was stopped, or else what went wrong.</returns>
    private async Task<(string? Stopped, string? Problem)> WatchProcessAsync()
    {
        using var process = run.IsAlive ? null : Start();
        var errors = process?.StandardError.ReadToEndAsync();
        var end = process?.WaitForExitAsync() ?? Task.Delay(Timeout.Infinite);
        var isReady = false;
        while (true)
        {
            if (StopReason() is { } reason)
            {
                await new RunningService(run, time).EndProcessAsync(process, CancellationToken.None);
                return (reason, null);
            }

            // Asked before its state is read: what it wrote last is read.
            var ended = process?.HasExited ?? !run.IsAlive;
            var state = ended || !isReady ? run.ReadState() : null;
            if (ended)
            {
                if (state?.Stopped is { } stopped) return (stopped, null);
                return (null, await DescribeEndAsync(process, errors));
            }

            if (state?.Ready is not null)
            {
                isReady = true;
                if (_state.Phase != SupervisorPhase.Ready) AddEvent(FormattableString.Invariant($"ready, process {state.ProcessId}"));
                _policy.Started();
                Write(_state with { Phase = SupervisorPhase.Ready });
            }

            if (_policy.ForgetIfCalm()) Write(_state with { Crashes = 0 });
            await Task.WhenAny(end, Task.Delay(isReady ? SlowPoll : Poll, time));
        }
    }

    private Process Start()
    {
        run.ForgetState();
        Write(_state with { Phase = SupervisorPhase.Starting });
        return DetachedProcess.Start(ServiceProgram.Path, ServiceProgram.Serve, run.Path);
    }

    private async Task<string> DescribeEndAsync(Process? process, Task<string>? errors)
    {
        var how = process?.ExitCode switch
        {
            null => "The service's process is gone.",
            // How Unix tells which signal ended a process.
            > 128 and < 160 and var code => FormattableString.Invariant($"The service's process was killed (signal {code - 128})."),
            var code => FormattableString.Invariant($"The service's process ended with exit code {code}."),
        };
        var said = errors is null ? "" : (await errors).Trim();
        return string.Join(Environment.NewLine, new[] { how, said, run.ReadLogEnd() }.Where(text => text.Length > 0));
    }

    private async Task<string?> RequestedWithinAsync(TimeSpan delay)
    {
        for (var end = time.GetUtcNow() + delay; ; await Task.Delay(Poll, time))
        {
            if (StopReason() is { } reason) return reason;
            if (time.GetUtcNow() >= end) return null;
        }
    }

    private string? StopReason()
    {
        if (_signal is { } signal) return signal;
        if (run.StopIsRequested) return "on request";
        var written = File.GetLastWriteTimeUtc(run.SettingsFile);
        if (written != _settingsWritten) (_settings, _settingsWritten) = (run.ReadSettings(), written);
        return _settings.StopAt <= time.GetUtcNow() ? "at its time" : null;
    }

    private void OnSignal(PosixSignalContext context)
    {
        context.Cancel = true;
        _signal = "on a signal of the system";
    }

    private int End(SupervisorPhase phase, string reason, string message)
    {
        Write(_state with { Phase = phase, Reason = reason });
        AddEvent(message);
        return phase == SupervisorPhase.Failed ? 1 : 0;
    }

    private void Write(SupervisorState state)
    {
        _state = state;
        Try(() => run.WriteSupervisor(state));
    }

    private void AddEvent(string message) => Try(() => run.Service.AddEvent(time, message));

    // A full disk is no reason to let the service down: what cannot be written is told in the log, if that can be.
    private static void Try(Action write)
    {
        try
        {
            write();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine(exception.Message);
        }
    }

    private static string FirstLine(string text) => text.Split('\n')[0].TrimEnd('\r');
}
