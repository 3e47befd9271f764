using System.Collections.Concurrent;

namespace MnistLab.Studio.Console;

/// <summary>
/// Work that lasts, such as a deployment: it goes on when the page that has started it is closed, and every page finds
/// it by what it works on.
/// </summary>
/// <param name="logger">Told errors that nobody expected.</param>
internal sealed class LongWork(ILogger<LongWork> logger)
{
    private readonly ConcurrentDictionary<string, WorkState> _all = new(StringComparer.Ordinal);

    /// <summary>Returns the work on something: running, or failed and not dismissed; null if there is none.</summary>
    /// <param name="subject">What is worked on, such as <c>service digits</c>.</param>
    public WorkState? Find(string subject) => _all.GetValueOrDefault(subject);

    /// <summary>Returns what is worked on, of those whose name begins with a text.</summary>
    public IReadOnlyList<KeyValuePair<string, WorkState>> StartingWith(string prefix) =>
    [
        .. _all.Where(work => work.Key.StartsWith(prefix, StringComparison.Ordinal))
            .OrderBy(work => work.Key, StringComparer.Ordinal),
    ];

    /// <summary>Forgets a failure that was read.</summary>
    public void Dismiss(string subject)
    {
        if (_all.TryGetValue(subject, out var state) && !state.IsRunning) _all.TryRemove(new(subject, state));
    }

    /// <summary>Starts to work on something, unless somebody does already.</summary>
    /// <param name="subject">What is worked on.</param>
    /// <param name="work">The work, which reports how far it is.</param>
    /// <returns>Whether it was started.</returns>
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
            if (!ConsoleErrors.IsExpected(error)) logger.LogError(error, "The work on {Subject} has failed.", subject);
            _all[subject] = new WorkState(IsRunning: false, Failure: error.Message);
        }
    }

    private sealed class Reporter(Action<WorkProgress> report) : IProgress<WorkProgress>
    {
        public void Report(WorkProgress value) => report(value);
    }
}

/// <summary>How far some <see cref="LongWork"/> is.</summary>
/// <param name="Share">The share that is done, in [0, 1]; null while unknown.</param>
/// <param name="Message">What is being done.</param>
internal sealed record WorkProgress(double? Share, string Message);

/// <summary>Where some <see cref="LongWork"/> stands.</summary>
/// <param name="IsRunning">Whether it is running.</param>
/// <param name="Progress">How far it is; null while unknown.</param>
/// <param name="Failure">The message of its error; null if it has not failed.</param>
internal sealed record WorkState(bool IsRunning, WorkProgress? Progress = null, string? Failure = null);
