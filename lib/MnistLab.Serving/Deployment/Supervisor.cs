using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using MnistLab.Hosting;
using MnistLab.Serving.Instances;

namespace MnistLab.Serving.Deployment;

/// <summary>
/// Supervises a service's process: starts it, restarts it after a crash, and stops it on request, at its stop time, on
/// a signal, or when the instance's folder is deleted. If the supervisor is killed, the service keeps running; the next
/// deployment starts a new supervisor, which takes over the running process.
/// </summary>
internal sealed class Supervisor(InstanceFolder instance, TimeProvider time)
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);

    // Used once the service is ready. Stop requests may be noticed this late, whereas the end of a child process is
    // noticed immediately.
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

    /// <summary>Supervises the service until it has ended and will not be restarted.</summary>
    /// <returns>0 if the service was stopped; 1 if it failed before it was ever ready.</returns>
    public async Task<int> RunAsync()
    {
        using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal);
        using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal);
        // Written first, so that other processes can identify this one in order to end it.
        Write(_state);
        var wasReady = _state.Phase is SupervisorPhase.Ready or SupervisorPhase.Waiting;
        while (true)
        {
            var (stopped, problem) = await WatchProcessAsync();
            wasReady |= _state.Phase == SupervisorPhase.Ready;
            if (stopped is not null) return End(SupervisorPhase.Stopped, stopped, $"stopped: {stopped}");
            if (!wasReady) return End(SupervisorPhase.Failed, problem!, "exited before it was ready");

            var delay = _policy.Crashed();
            Write(_state with { Phase = SupervisorPhase.Waiting, Restarts = _state.Restarts + 1, Crashes = _policy.Crashes });
            var when = delay > TimeSpan.Zero ? string.Create(CultureInfo.InvariantCulture, $" in {delay.TotalSeconds:0.##} s") : "";
            AddEvent($"{FirstLine(problem!)} It is restarted{when}.");
            if (_policy.Crashes == RestartPolicy.Concerning)
                AddEvent($"concerning: {_policy.Crashes} crashes in quick succession");
            if (await RequestedWithinAsync(delay) is { } reason) return End(SupervisorPhase.Stopped, reason, $"stopped: {reason}");
        }
    }

    /// <summary>Starts the process, or takes over the running one, and waits until it has ended.</summary>
    /// <returns>The reason why it was stopped, or otherwise a description of the failure.</returns>
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

            // Checked before the state is read, so that the last state written is not missed.
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
            null => "The service's process has exited.",
            // On Unix, exit codes above 128 stand for the signal that ended the process.
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
        return _settings.StopAt <= time.GetUtcNow() ? "at its stop time" : null;
    }

    private void OnSignal(PosixSignalContext context)
    {
        context.Cancel = true;
        _signal = "on a signal from the system";
    }

    private int End(SupervisorPhase phase, string reason, string message)
    {
        // Writing would create files in the folder that is being deleted.
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

    // A full disk must not end the service: write failures are only reported in the log, if possible.
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
