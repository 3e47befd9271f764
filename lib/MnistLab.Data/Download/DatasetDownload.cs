using MnistLab.Data.Datasets;
using MnistLab.Hosting;
using MnistLab.Storage.Http;

namespace MnistLab.Data.Download;

/// <summary>
/// Downloads datasets: all files concurrently, each from the first mirror that provides a valid copy, verified by the
/// SHA-256 of its decompressed content before it is moved into place. Files that are already valid are not requested.
/// </summary>
public sealed class DatasetDownload
{
    private const string LockFile = ".lock";

    private readonly HttpMessageInvoker _http;
    private readonly TimeProvider _time;
    private readonly DownloadOptions _options;

    /// <summary>Initializes the downloader.</summary>
    /// <param name="handler">
    /// The handler that sends requests, such as that of <see cref="CreateHandler"/>. It must not follow redirects. The
    /// caller disposes it.
    /// </param>
    /// <param name="time">The clock for timeouts and rates.</param>
    /// <param name="options">The timeouts and limits; null for the defaults.</param>
    public DatasetDownload(HttpMessageHandler handler, TimeProvider time, DownloadOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(handler);
        ArgumentNullException.ThrowIfNull(time);
        _http = new HttpMessageInvoker(handler, disposeHandler: false);
        (_time, _options) = (time, options ?? new DownloadOptions());
    }

    /// <summary>
    /// Creates a handler for downloads: it does not follow redirects, and has a timeout for connection attempts.
    /// </summary>
    public static SocketsHttpHandler CreateHandler(DownloadOptions? options = null) => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        ConnectTimeout = (options ?? new DownloadOptions()).ConnectTimeout,
        Proxy = LoopbackBypassProxy.Instance,
    };

    /// <summary>
    /// Ensures that a dataset is in a folder. Several processes can do so concurrently: one downloads, the others wait
    /// and find the files. After a cancellation or failure, each file is either complete or absent under its name.
    /// </summary>
    /// <param name="dataset">The dataset.</param>
    /// <param name="folder">The folder for the files; created if it does not exist.</param>
    /// <param name="mirrors">The mirrors to try, in this order; null for those of the description.</param>
    /// <param name="progress">
    /// Receives the progress, unless there is nothing to download. Reports are sequential, and the receiver should
    /// return quickly.
    /// </param>
    /// <param name="cancellationToken">Cancels the download; complete files stay.</param>
    /// <exception cref="DatasetDownloadException">No mirror provided a valid copy of some file.</exception>
    /// <exception cref="DatasetException">
    /// The folder cannot be read or written, the disk is full, or a mirror is not the address of a folder.
    /// </exception>
    public async Task<DownloadedDataset> GetAsync(
        DatasetDescription dataset,
        string folder,
        IReadOnlyList<Uri>? mirrors = null,
        IProgress<DownloadProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentException.ThrowIfNullOrEmpty(folder);
        folder = Path.GetFullPath(folder);
        try
        {
            // A complete folder need not be writable: it may be part of a container image, or shared by several users.
            if (await new VerificationCache(folder, dataset).IsCompleteAsync(cancellationToken))
                return new DownloadedDataset(folder, [], []);

            Directory.CreateDirectory(folder);
            using var mine = await FileLock.AcquireAsync(
                Path.Combine(folder, LockFile), _time, cancellationToken);
            return await CompleteAsync(dataset, folder, mirrors is null
                ? dataset.Mirrors
                : [.. mirrors.Select(mirror => MirrorList.ParseOne(mirror.AbsoluteUri))], progress, cancellationToken);
        }
        catch (Exception error) when (error is (IOException and not DatasetException) or UnauthorizedAccessException)
        {
            throw new DatasetException(folder, $"{dataset.Title} cannot be saved in {folder}: {error.Message} {NextStep(error)}", error);
        }
    }

    /// <summary>Verifies the content of the files in a folder, without changing anything.</summary>
    /// <returns>For each file, the problem, phrased to follow "it"; null if the file is valid.</returns>
    /// <exception cref="DatasetException">A file cannot be read.</exception>
    public static async Task<IReadOnlyDictionary<DatasetFile, string?>> VerifyAsync(
        DatasetDescription dataset, string folder, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentException.ThrowIfNullOrEmpty(folder);
        try
        {
            return await new VerificationCache(folder, dataset).ExamineAsync(trustNotes: false, cancellationToken);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new DatasetException(
                folder,
                $"The files in {folder} cannot be read: {error.Message} Fix the cause, then verify again.",
                error);
        }
    }

    private async Task<DownloadedDataset> CompleteAsync(
        DatasetDescription dataset,
        string folder,
        IReadOnlyList<Uri> mirrors,
        IProgress<DownloadProgress>? progress,
        CancellationToken cancellationToken)
    {
        var verified = new VerificationCache(folder, dataset);
        // Another process may have downloaded the files while this one waited for the lock.
        var states = await verified.ExamineAsync(trustNotes: true, cancellationToken);
        var wanted = dataset.Files.Where(file => states[file] is not null).ToArray();
        foreach (var file in wanted) AtomicFile.RemoveAbandoned(Path.Combine(folder, file.Name));
        var outcomes = await FetchAsync(wanted, dataset, folder, mirrors, progress, cancellationToken);

        verified.Note(dataset.Files
            .Where(file => states[file] is null)
            .Concat(outcomes.Where(outcome => outcome.IsPlaced).Select(outcome => outcome.File)));
        var failures = outcomes.Where(outcome => !outcome.IsPlaced).ToArray();
        if (failures.Length > 0)
            throw new DatasetDownloadException(
                folder, dataset.Title, [.. InOrder(mirrors, failures.SelectMany(outcome => outcome.Failures))]);

        var damaged = wanted.Where(file => !VerificationCache.IsMissing(states[file]!)).Select(
            file => $"{Path.Combine(folder, file.Name)} was damaged (it {states[file]}) and was downloaded again.");
        var skipped = MirrorFailure
            .Lines(InOrder(mirrors, outcomes.SelectMany(outcome => outcome.Failures)))
            .Select(line => $"A mirror was skipped. {line}.");
        return new DownloadedDataset(folder, [.. wanted.Select(file => file.Name)], [.. damaged, .. skipped]);
    }

    private async Task<(DatasetFile File, bool IsPlaced, IReadOnlyList<MirrorFailure> Failures)[]> FetchAsync(
        DatasetFile[] files,
        DatasetDescription dataset,
        string folder,
        IReadOnlyList<Uri> mirrors,
        IProgress<DownloadProgress>? progress,
        CancellationToken cancellationToken)
    {
        var client = new MirrorClient(_http, _time, _options);
        var meter = new ProgressMeter(dataset, files, _options, _time, progress);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        return await Task.WhenAll(files.Select(async file =>
        {
            try
            {
                return await new FileDownload(file, folder, client, _options, _time, meter).RunAsync(mirrors, stop.Token);
            }
            catch (Exception)
            {
                // An error such as a full disk affects every file: cancel the others, and write nothing once the lock
                // is released.
                await stop.CancelAsync();
                throw;
            }
        }));
    }

    private static IEnumerable<MirrorFailure> InOrder(IReadOnlyList<Uri> mirrors, IEnumerable<MirrorFailure> failures)
    {
        var byMirror = failures.ToLookup(failure => failure.Mirror);
        return mirrors.Distinct().SelectMany(mirror => byMirror[mirror]);
    }

    // ENOSPC, and ERROR_DISK_FULL on Windows.
    private static string NextStep(Exception error) => error is IOException { HResult: 28 or unchecked((int)0x80070070) }
        ? $"Free space on the disk, or set {UserCache.Variable} to a folder on another disk."
        : $"Make the folder writable, or set {UserCache.Variable} to another folder.";
}
