using MnistLab.Hosting;
using MnistLab.Storage;

namespace MnistLab.Training.EventLog;

/// <summary>
/// Shows what runs write to their event logs: by the program <c>tensorboard</c> where it is on the <c>PATH</c>, and everywhere by <see cref="Read"/>, from which a notebook draws a board of its own.
/// It keeps a copy of the event logs of a training output location on this machine, and looks for news as long as it is not stopped.
/// </summary>
public sealed class TensorBoardJob : IAsyncDisposable
{
    private const string Mark = "tfevents";
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    private readonly IObjectStore _store;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _stopped = new();
    private readonly ScratchFolder _scratch = ScratchFolder.Create("mnistlab-tensorboard-");
    private readonly SemaphoreSlim _copying = new(1);
    private TensorBoardProgram? _program;
    private Task _following = Task.CompletedTask;

    private TensorBoardJob(IObjectStore store, ObjectUrl outputUrl, TimeProvider time) =>
        (_store, OutputUrl, _time) = (store, outputUrl.AsPrefix(), time);

    /// <summary>The training output location: of one version of a job, or the one that holds several.</summary>
    public ObjectUrl OutputUrl { get; }

    /// <summary>The copy of its event logs on this machine.</summary>
    public string LogDir => _scratch.Path;

    /// <summary>Where TensorBoard answers; null where the program is not installed, or when the job is stopped.</summary>
    public Uri? Url => _program?.Url;

    /// <summary>Whether it is stopped.</summary>
    public bool IsStopped => _stopped.IsCancellationRequested;

    /// <summary>Creates the job on a training output location.</summary>
    /// <param name="store">Where the location is.</param>
    /// <param name="outputUrl">Such as <c>s3://modelarts-example/log/V0001/</c>, or <c>s3://modelarts-example/log/</c> to compare all versions.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <exception cref="TensorBoardException">The program is there, and did not start.</exception>
    /// <exception cref="ObjectStoreException">The store refused or failed.</exception>
    /// <exception cref="ScratchFolderException">The temporary folder cannot be used.</exception>
    public static async Task<TensorBoardJob> CreateAsync(IObjectStore store, ObjectUrl outputUrl, TimeProvider? time = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(outputUrl);
        var job = new TensorBoardJob(store, outputUrl, time ?? TimeProvider.System);
        try
        {
            await job.RefreshAsync(cancellationToken);
            if (TensorBoardProgram.Find() is { } program) job._program = await TensorBoardProgram.StartAsync(program, job.LogDir, job._time, cancellationToken);
            job._following = job.FollowAsync();
            return job;
        }
        catch
        {
            await job.StopAsync();
            throw;
        }
    }

    /// <summary>Fetches what is new now, rather than within the next seconds.</summary>
    /// <exception cref="ObjectStoreException">The store refused or failed.</exception>
    public async Task RefreshAsync(CancellationToken cancellationToken = default)
    {
        await _copying.WaitAsync(cancellationToken);
        try
        {
            await foreach (var found in _store.ListAsync(OutputUrl, cancellationToken))
            {
                if (found.Url.Name.Contains(Mark, StringComparison.Ordinal))
                    await _scratch.UseAsync(folder => CopyAsync(found, folder, cancellationToken));
            }
        }
        finally
        {
            _copying.Release();
        }
    }

    /// <summary>What the event logs hold so far, by run: the path of the run's folder below <see cref="OutputUrl"/>, such as <c>V0001/run</c>.</summary>
    /// <exception cref="InvalidDataException">An event log is damaged.</exception>
    public IReadOnlyDictionary<string, IReadOnlyList<LoggedValue>> Read() => EventLogReader.FilesOf(LogDir)
        .GroupBy(file => Path.GetRelativePath(LogDir, Path.GetDirectoryName(file)!).Replace(Path.DirectorySeparatorChar, '/'), StringComparer.Ordinal)
        .ToDictionary(run => run.Key, run => (IReadOnlyList<LoggedValue>)[.. run.SelectMany(file => new EventLogReader(file).Read())], StringComparer.Ordinal);

    /// <summary>Stops the job: the program ends, and the copy is removed. On the platform, one that is forgotten goes on costing money.</summary>
    public async Task StopAsync()
    {
        if (IsStopped) return;
        await _stopped.CancelAsync();
        await _following;
        if (_program is { } program) await program.DisposeAsync();
        _program = null;
        _scratch.Dispose();
    }

    /// <summary>Stops the job.</summary>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stopped.Dispose();
        _copying.Dispose();
    }

    /// <summary>Where it looks, and where it answers.</summary>
    public override string ToString() => $"TensorBoard of {OutputUrl}: {(IsStopped ? "stopped" : Url?.ToString() ?? "shown here (the program tensorboard is not installed)")}";

    // An event log only grows, and TensorBoard keeps it open: the copy is added to, never replaced.
    private async Task CopyAsync(ObjectInfo found, string folder, CancellationToken cancellationToken)
    {
        var target = Path.Combine(folder, Path.Combine(OutputUrl.RelativeKeyOf(found.Url).Split('/')));
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        await using var copy = new FileStream(target, FileMode.Append, FileAccess.Write, FileShare.Read);
        if (found.Length <= copy.Position) return;
        await using var news = await _store.GetAsync(found.Url, new ByteRange(copy.Position, found.Length - copy.Position), cancellationToken);
        await news.CopyToAsync(copy, cancellationToken);
    }

    private async Task FollowAsync()
    {
        while (!IsStopped)
        {
            await Task.Delay(Interval, _time, _stopped.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            try
            {
                await RefreshAsync(_stopped.Token);
            }
            // The next time tries again; who wants to know asks for a refresh.
            catch (Exception error) when (error is OperationCanceledException or ObjectStoreException or IOException)
            {
                if (IsStopped) return;
            }
        }
    }
}
