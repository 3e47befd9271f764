using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using MnistLab.Hosting;
using MnistLab.Serving.Instances;

namespace MnistLab.Serving.Deployment;

/// <summary>
/// The process beside a service's process: starts it, restarts it after a crash, and ends it on request, at its time,
/// on a signal,
/// or when the instance's folder is deleted. Should the supervisor be killed, the service runs on without one until
/// the next deployment starts another,
/// which takes over the process that it finds.
/// </summary>
internal sealed class Supervisor(InstanceFolder instance, TimeProvider time)
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);

    // While all is well: requests to stop may wait so long, the end of the process does not.
    private static readonly TimeSpan SlowPoll = TimeSpan.FromMilliseconds(250);

    private const string FolderDeleted = "its folder was deleted";

    private readonly RunningService _service = new(instance, time);
    private readonly RestartPolicy _policy = new(time, instance.ReadSupervisor()?.Crashes ?? 0);
    private SupervisorState _state = (instance.ReadSupervisor() ?? new SupervisorState(0, SupervisorPhase.Starting)) with
    {
        ProcessId = ProcessIdentity.Current.Id,
        ProcessStart = ProcessIdentity.Current.Start,
    };
    private RunSettings _settings = instance.ReadSettings();
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
            var when = delay > TimeSpan.Zero ? string.Create(CultureInfo.InvariantCulture, $" in {delay.TotalSeconds:0.##} s") : "";
            AddEvent($"{FirstLine(problem!)} It is restarted{when}.");
            if (_policy.Crashes == RestartPolicy.Concerning)
                AddEvent($"concerning: {_policy.Crashes} crashes, one soon after the other");
            if (await RequestedWithinAsync(delay) is { } reason) return End(SupervisorPhase.Stopped, reason, $"stopped: {reason}");
        }
    }

    /// <summary>Starts the process, or takes over the one that is there, and waits until it has ended.</summary>
    /// <returns>Why it was stopped, or else what went wrong.</returns>
    private async Task<(string? Stopped, string? Problem)> WatchProcessAsync()
    {
        using var process = instance.IsAlive ? null : Start();
        var errors = process?.StandardError.ReadToEndAsync();
        var end = process?.WaitForExitAsync() ?? Task.Delay(Timeout.Infinite);
        var isReady = false;
        while (true)
        {
            if (StopReason() is { } reason)
            {
                await _service.EndProcessAsync(process, CancellationToken.None);
                return (reason, null);
            }

            // Asked before its state is read: what it wrote last is read.
            var ended = process?.HasExited ?? !instance.IsAlive;
            var state = ended || !isReady ? _service.ReadState() : null;
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
        Try(instance.ForgetState);
        Write(_state with { Phase = SupervisorPhase.Starting });
        return DetachedProcess.Start(ServiceProgram.Path, ServiceProgram.Serve, instance.Path);
    }

    private async Task<string> DescribeEndAsync(Process? process, Task<string>? errors)
    {
        var how = process?.ExitCode switch
        {
            null => "The service's process is gone.",
            // How Unix tells which signal ended a process.
            > 128 and < 160 and var code =>
                FormattableString.Invariant($"The service's process was killed (signal {code - 128})."),
            var code => FormattableString.Invariant($"The service's process ended with exit code {code}."),
        };
        var said = errors is null ? "" : (await errors).Trim();
        return string.Join(Environment.NewLine, new[] { how, said, instance.ReadLogEnd() }.Where(text => text.Length > 0));
    }

    private async Task<string?> RequestedWithinAsync(TimeSpan delay)
    {
        for (var start = time.GetTimestamp(); ; await Task.Delay(Poll, time))
        {
            if (StopReason() is { } reason) return reason;
            if (time.GetElapsedTime(start) >= delay) return null;
        }
    }

    private string? StopReason()
    {
        if (_signal is { } signal) return signal;
        if (instance.StopIsRequested) return "on request";
        if (instance.IsDeleted) return FolderDeleted;
        var written = File.GetLastWriteTimeUtc(instance.SettingsFile);
        if (written != _settingsWritten && instance.FindSettings() is { } settings)
            (_settings, _settingsWritten) = (settings, written);
        return _settings.StopAt <= time.GetUtcNow() ? "at its time" : null;
    }

    private void OnSignal(PosixSignalContext context)
    {
        context.Cancel = true;
        _signal = "on a signal of the system";
    }

    private int End(SupervisorPhase phase, string reason, string message)
    {
        // What is being deleted must not come back.
        if (reason != FolderDeleted)
        {
            Write(_state with { Phase = phase, Reason = reason });
            AddEvent(message);
        }

        return phase == SupervisorPhase.Failed ? 1 : 0;
    }

    private void Write(SupervisorState state)
    {
        _state = state;
        Try(() => instance.WriteSupervisor(state));
    }

    private void AddEvent(string message) => Try(() => instance.Service.AddEvent(time, message));

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
