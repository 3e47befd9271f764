using MnistLab.Storage;
using MnistLab.Training.EventLog;

namespace MnistLab.Studio.Console.Board;

/// <summary>Represents the running TensorBoard jobs. Each runs until it is stopped or Studio ends.</summary>
/// <param name="console">Provides the object store with the training outputs.</param>
/// <param name="time">The clock.</param>
internal sealed class BoardJobs(ConsoleLab console, TimeProvider time) : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly List<BoardJob> _all = [];
    private int _last;

    /// <summary>Gets the jobs, the newest first.</summary>
    public IReadOnlyList<BoardJob> All
    {
        get
        {
            lock (_lock) return [.. _all.AsEnumerable().Reverse()];
        }
    }

    /// <summary>Returns a job; null if it does not exist or was stopped.</summary>
    public BoardJob? Find(int id)
    {
        lock (_lock) return _all.Find(job => job.Id == id);
    }

    /// <summary>Starts a job for a training output location, or returns the one that is already running.</summary>
    /// <exception cref="ObjectStoreException">The settings of the object store are incomplete or invalid.</exception>
    public BoardJob Start(ObjectUrl location)
    {
        var store = console.Open().Store;
        var prefix = location.AsPrefix();
        lock (_lock)
        {
            if (_all.Find(job => job.Location == prefix && job.Failure is null) is { } running) return running;
            _all.RemoveAll(job => job.Location == prefix);
            var stop = new CancellationTokenSource();
            // Continues when the page that started it is closed.
            var creation = Task.Run(() => TensorBoardJob.CreateAsync(store, prefix, time, stop.Token));
            var job = new BoardJob(++_last, prefix, time.GetUtcNow(), creation, stop);
            _all.Add(job);
            return job;
        }
    }

    /// <summary>Stops a job; does nothing if it was already stopped.</summary>
    public async Task StopAsync(int id)
    {
        BoardJob? job;
        lock (_lock)
        {
            job = _all.Find(item => item.Id == id);
            if (job is not null) _all.Remove(job);
        }

        if (job is not null) await job.DisposeAsync();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var job in All) await StopAsync(job.Id);
    }
}
