using MnistLab.Hosting;
using MnistLab.Storage;

namespace MnistLab.Training.EventLog;

/// <summary>
/// Shows the event logs of runs, either in the program <c>tensorboard</c>, if it is on the <c>PATH</c>, or through
/// <see cref="Read"/>, which a notebook can use to draw its own charts. Until it is stopped, the job keeps a local copy
/// of the event logs in a training output location up to date.
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

    /// <summary>
    /// Gets the training output location: that of one version of a job, or one that contains several versions.
    /// </summary>
    public ObjectUrl OutputUrl { get; }

    /// <summary>Gets the folder of the local copy of the event logs.</summary>
    public string LogDir => _scratch.Path;

    /// <summary>Gets the address of TensorBoard; null if the program is not installed or the job is stopped.</summary>
    public Uri? Url => _program?.Url;

    /// <summary>Gets whether the job is stopped.</summary>
    public bool IsStopped => _stopped.IsCancellationRequested;

    /// <summary>Creates and starts a job for a training output location.</summary>
    /// <param name="store">The store that contains the location.</param>
    /// <param name="outputUrl">
    /// The location, such as <c>s3://modelarts-example/log/V0001/</c>, or <c>s3://modelarts-example/log/</c> to compare
    /// all versions.
    /// </param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">A token to cancel the start.</param>
    /// <exception cref="TensorBoardException">
    /// The program <c>tensorboard</c> is installed but did not start.
    /// </exception>
    /// <exception cref="ObjectStoreException">The store rejected a request or failed.</exception>
    /// <exception cref="ScratchFolderException">The temporary folder cannot be used.</exception>
    public static async Task<TensorBoardJob> CreateAsync(
        IObjectStore store,
        ObjectUrl outputUrl,
        TimeProvider? time = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(outputUrl);
        var job = new TensorBoardJob(store, outputUrl, time ?? TimeProvider.System);
        try
        {
            await job.RefreshAsync(cancellationToken);
            if (TensorBoardProgram.Find() is { } program)
                job._program = await TensorBoardProgram.StartAsync(program, job.LogDir, job._time, cancellationToken);
            job._following = job.FollowAsync();
            return job;
        }
        catch
        {
            await job.StopAsync();
            throw;
        }
    }

    /// <summary>Fetches new events immediately, rather than at the next poll.</summary>
    /// <exception cref="ObjectStoreException">The store rejected a request or failed.</exception>
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

    /// <summary>
    /// Returns the values in the event logs so far, by run: the key is the path of the run's folder relative to
    /// <see cref="OutputUrl"/>, such as <c>V0001/run</c>.
    /// </summary>
    /// <exception cref="InvalidDataException">An event log is damaged.</exception>
    public IReadOnlyDictionary<string, IReadOnlyList<LoggedValue>> Read() => EventLogReader.FilesOf(LogDir)
        .GroupBy(file => Path
            .GetRelativePath(LogDir, Path.GetDirectoryName(file)!)
            .Replace(Path.DirectorySeparatorChar, '/'), StringComparer.Ordinal)
        .ToDictionary(
            run => run.Key,
            run => (IReadOnlyList<LoggedValue>)[.. run.SelectMany(file => new EventLogReader(file).Read())],
            StringComparer.Ordinal);

    /// <summary>
    /// Stops the job: ends the program and removes the copy. On the platform, a job costs money until it is stopped.
    /// </summary>
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

    /// <summary>Returns the location and the address or state of the job.</summary>
    public override string ToString() =>
        $"TensorBoard of {OutputUrl}: {(IsStopped ? "stopped" : Url?.ToString() ?? "shown here (TensorBoard is not installed)")}";

    // An event log only grows, and TensorBoard keeps the copy open, so new bytes are appended and the file is never
    // replaced.
    private async Task CopyAsync(ObjectInfo found, string folder, CancellationToken cancellationToken)
    {
        var target = Path.Combine(folder, Path.Combine(OutputUrl.RelativeKeyOf(found.Url).Split('/')));
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        await using var copy = new FileStream(target, FileMode.Append, FileAccess.Write, FileShare.Read);
        if (found.Length <= copy.Position) return;
        await using var news = await _store.GetAsync(
            found.Url, new ByteRange(copy.Position, found.Length - copy.Position), cancellationToken);
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
            // Retried at the next interval; RefreshAsync reports failures to its caller.
            catch (Exception error) when (error is OperationCanceledException or ObjectStoreException or IOException)
            {
                if (IsStopped) return;
            }
        }
    }
}
