using System.Globalization;
using MnistLab.Training.Workers;

namespace MnistLab.Training.Jobs;

/// <summary>
/// Monitors the workers of a job by their heartbeats: detects a worker that hangs, and determines which worker failed.
/// </summary>
/// <param name="folder">The folder of the job, which is shared by all workers.</param>
/// <param name="count">The number of workers.</param>
/// <param name="timeout">The maximum time that a worker may keep the others waiting, or send no heartbeat.</param>
/// <param name="time">The clock.</param>
internal sealed class WorkerWatch(JobFolder folder, int count, TimeSpan timeout, TimeProvider time)
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(500);

    // 128 plus the signal number of SIGKILL.
    private const int Killed = 137;

    // mpiexec normally ends the other workers at once, but not if its own process on one of the machines was killed.
    private static readonly TimeSpan TimeOfLauncher = TimeSpan.FromSeconds(3);

    private readonly (long Beat, long Since)[] _seen =
        [.. Enumerable.Repeat((-1L, time.GetTimestamp()), count)];

    private long? _failedSince;

    private string Limit => string.Create(CultureInfo.InvariantCulture, $"{timeout.TotalSeconds:0.#} s");

    /// <summary>Waits until a worker hangs, or has failed without the launcher noticing.</summary>
    /// <param name="cancellationToken">A token to stop waiting.</param>
    /// <returns>The worker and the reason; null if the wait was canceled.</returns>
    public async Task<WorkerFailure?> WaitForHangAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            if (FindHang() is { } hang) return hang;
            await Task.Delay(PollInterval, time, cancellationToken)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return null;
    }

    /// <summary>Returns the worker that failed first; null if no failure is recorded.</summary>
    public WorkerFailure? FindFailure()
    {
        var failed = Enumerable.Range(0, count)
            .Select(worker => (Worker: worker, Exit: folder.ReadExitOf(worker)))
            .Where(item => item.Exit is { Code: not 0 })
            // If a worker is killed, MPI may abort the others, so a killed worker comes first. Workers ended by mpiexec
            // record nothing.
            .OrderBy(item => item.Exit!.Value.Code == Killed ? 0 : 1)
            .ThenBy(item => item.Exit!.Value.Written)
            .ToList();
        if (failed is not [var (worker, exit), ..]) return null;
        var code = exit!.Value.Code;
        var who = Describe(worker, Heartbeat.Read(folder.HeartbeatOf(worker)));
        return new WorkerFailure(worker, code, $"{who} ended with {ProgramExit.Describe(code)}");
    }

    private WorkerFailure? FindHang()
    {
        var beats = ReadAll();
        var now = time.GetTimestamp();
        if (FindFailure() is { } failure)
        {
            _failedSince ??= now;
            return time.GetElapsedTime(_failedSince.Value, now) > TimeOfLauncher ? failure : null;
        }

        for (var worker = 0; worker < count; worker++)
        {
            var beat = beats[worker];
            if (folder.ReadExitOf(worker) is not null) continue;
            var counted = beat?.Beat ?? 0;
            if (counted != _seen[worker].Beat) _seen[worker] = (counted, now);
            if (time.GetElapsedTime(_seen[worker].Since, now) <= timeout) continue;
            var what = beat is null ? "did not start" : "sent no heartbeat";
            return Hang(worker, beat, $"{what} for {Limit}: it hangs, or its machine cannot be reached");
        }

        var waiting = beats.OfType<Heartbeat>().MaxBy(beat => beat.WaitingSeconds ?? 0);
        if (waiting?.WaitingSeconds is not { } seconds || seconds <= timeout.TotalSeconds) return null;
        // If several workers keep the others waiting, this is the first.
        var late = Array.FindIndex(
            beats, beat => beat is null or { WaitingSeconds: null } || beat.Exchanges < waiting.Exchanges);
        if (late < 0) return null;
        var hasEnded = folder.ReadExitOf(late) is not null;
        if (waiting.Exchanges <= 1)
        {
            // Before the first exchange, a worker may take any time to load its data.
            const string Remedy = "The boot file must call Mox.Run on each worker.";
            return hasEnded
                ? Hang(late, beats[late], $"ended without training, while the others waited for {Limit}. {Remedy}")
                : null;
        }

        var state = hasEnded ? "it has ended" : "it hangs";
        var step = waiting.Step.ToString(CultureInfo.InvariantCulture);
        return Hang(late, beats[late], $"has kept the others waiting for {Limit} in step {step}: {state}");
    }

    private static WorkerFailure Hang(int worker, Heartbeat? beat, string what) =>
        new(worker, 1, $"{Describe(worker, beat)} {what}");

    private Heartbeat?[] ReadAll() =>
        [.. Enumerable.Range(0, count).Select(worker => Heartbeat.Read(folder.HeartbeatOf(worker)))];

    private static string Describe(int worker, Heartbeat? beat) => beat is null
        ? WorkerPlace.NameOf(worker)
        : string.Create(
            CultureInfo.InvariantCulture, $"{WorkerPlace.NameOf(worker)} (process {beat.ProcessId} on {beat.Host})");
}

/// <summary>Represents the failure of a worker.</summary>
/// <param name="Worker">The index of the worker.</param>
/// <param name="ExitCode">The exit code of the worker; 1 if it was killed because it hung.</param>
/// <param name="Reason">The reason, including the name of the worker.</param>
internal sealed record WorkerFailure(int Worker, int ExitCode, string Reason);
