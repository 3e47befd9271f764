using System.Collections.Concurrent;

namespace MnistLab.Studio.Console;

/// <summary>
/// Runs long operations, such as deployments. An operation continues when the page that started it is closed, and every
/// page can find it by its subject.
/// </summary>
/// <param name="logger">Logs unexpected errors.</param>
internal sealed class LongWork(ILogger<LongWork> logger)
{
    private readonly ConcurrentDictionary<string, WorkState> _all = new(StringComparer.Ordinal);

    /// <summary>
    /// Returns the operation on a subject if it is running, or if it failed and was not dismissed; otherwise null.
    /// </summary>
    /// <param name="subject">The subject, such as <c>service digits</c>.</param>
    public WorkState? Find(string subject) => _all.GetValueOrDefault(subject);

    /// <summary>Returns the operations whose subject starts with a prefix.</summary>
    public IReadOnlyList<KeyValuePair<string, WorkState>> StartingWith(string prefix) =>
    [
        .. _all.Where(work => work.Key.StartsWith(prefix, StringComparison.Ordinal))
            .OrderBy(work => work.Key, StringComparer.Ordinal),
    ];

    /// <summary>Removes a failed operation.</summary>
    public void Dismiss(string subject)
    {
        if (_all.TryGetValue(subject, out var state) && !state.IsRunning) _all.TryRemove(new(subject, state));
    }

    /// <summary>Starts an operation on a subject, unless one is already running.</summary>
    /// <param name="subject">The subject.</param>
    /// <param name="work">The operation, which reports its progress.</param>
    /// <returns>Whether the operation was started.</returns>
    public bool TryStart(string subject, Func<IProgress<WorkProgress>, Task> work)
    {
        var state = new WorkState(IsRunning: true);
        while (!_all.TryAdd(subject, state))
        {
            if (!_all.TryGetValue(subject, out var before)) continue;
            if (before.IsRunning) return false;
            if (_all.TryUpdate(subject, state, before)) break;
        }

        _ = Task.Run(() => RunAsync(subject, work));
        return true;
    }

    private async Task RunAsync(string subject, Func<IProgress<WorkProgress>, Task> work)
    {
        try
        {
            await work(new Reporter(progress => _all[subject] = new WorkState(IsRunning: true, progress)));
            _all.TryRemove(subject, out _);
        }
        catch (Exception error)
        {
            if (!ConsoleErrors.IsExpected(error)) logger.LogError(error, "The operation on {Subject} failed.", subject);
            _all[subject] = new WorkState(IsRunning: false, Failure: error.Message);
        }
    }

    private sealed class Reporter(Action<WorkProgress> report) : IProgress<WorkProgress>
    {
        public void Report(WorkProgress value) => report(value);
    }
}

/// <summary>Represents the progress of an operation of <see cref="LongWork"/>.</summary>
/// <param name="Share">The completed share, in [0, 1]; null if unknown.</param>
/// <param name="Message">A description of the current step.</param>
internal sealed record WorkProgress(double? Share, string Message);

/// <summary>Represents the state of an operation of <see cref="LongWork"/>.</summary>
/// <param name="IsRunning">Whether it is running.</param>
/// <param name="Progress">The progress; null if unknown.</param>
/// <param name="Failure">The error message; null unless it failed.</param>
internal sealed record WorkState(bool IsRunning, WorkProgress? Progress = null, string? Failure = null);
