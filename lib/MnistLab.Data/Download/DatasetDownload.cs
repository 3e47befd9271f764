using MnistLab.Data.Datasets;
using MnistLab.Hosting;
using MnistLab.Storage.Http;

namespace MnistLab.Data.Download;

/// <summary>
/// Downloads datasets: all files at once, each from the first mirror that has it right, verified by the SHA-256 of its decompressed content before it is placed.
/// What is there already and right is not requested again.
/// </summary>
public sealed class DatasetDownload
{
    private const string LockFile = ".lock";

    private readonly HttpMessageInvoker _http;
    private readonly TimeProvider _time;
    private readonly DownloadOptions _options;

    /// <summary>Prepares downloads.</summary>
    /// <param name="handler">What sends requests, such as that of <see cref="CreateHandler"/>. It must not follow redirects by itself, and stays the caller's.</param>
    /// <param name="time">The clock of limits and rates.</param>
    /// <param name="options">How patient to be; the default if null.</param>
    public DatasetDownload(HttpMessageHandler handler, TimeProvider time, DownloadOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(handler);
        ArgumentNullException.ThrowIfNull(time);
        _http = new HttpMessageInvoker(handler, disposeHandler: false);
        (_time, _options) = (time, options ?? new DownloadOptions());
    }

    /// <summary>What sends requests, set up for downloads: redirects are left to them, and a connection attempt ends in time.</summary>
    public static SocketsHttpHandler CreateHandler(DownloadOptions? options = null) => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        ConnectTimeout = (options ?? new DownloadOptions()).ConnectTimeout,
        Proxy = LoopbackBypassProxy.Instance,
    };

    /// <summary>
    /// Makes sure that a dataset is in a folder. Several processes can ask for the same folder at once: one downloads, the others wait and find it done.
    /// When it is cancelled or fails, files are either complete or not there under their names.
    /// </summary>
    /// <param name="dataset">Which dataset.</param>
    /// <param name="folder">Where to place it; created if it is not there.</param>
    /// <param name="mirrors">Where to look for it, in this order; the description's own mirrors if null.</param>
    /// <param name="progress">Is told how far the download is; not at all if nothing is to download. It is called one report at a time, and should return soon.</param>
    /// <param name="cancellationToken">Ends the download; complete files stay.</param>
    /// <exception cref="DatasetDownloadException">No mirror gave some file.</exception>
    /// <exception cref="DatasetException">The folder cannot be read or written, the disk is full, or a mirror is no address of a folder.</exception>
    public async Task<DownloadedDataset> GetAsync(DatasetDescription dataset, string folder, IReadOnlyList<Uri>? mirrors = null, IProgress<DownloadProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentException.ThrowIfNullOrEmpty(folder);
        folder = Path.GetFullPath(folder);
        try
        {
            // A folder that is complete need not be writable: it may be part of an image, or shared by everyone.
            if (await new VerificationCache(folder, dataset).IsCompleteAsync(cancellationToken))
                return new DownloadedDataset(folder, [], []);

            Directory.CreateDirectory(folder);
            using var mine = await FileLock.AcquireAsync(
                Path.Combine(folder, LockFile), _time, cancellationToken);
            return await CompleteAsync(dataset, folder, mirrors is null ? dataset.Mirrors : [.. mirrors.Select(mirror => MirrorList.ParseOne(mirror.AbsoluteUri))], progress, cancellationToken);
        }
        catch (Exception error) when (error is (IOException and not DatasetException) or UnauthorizedAccessException)
        {
            throw new DatasetException(folder, $"{dataset.Title} cannot be kept in {folder}: {error.Message} {NextStep(error)}", error);
        }
    }

    /// <summary>Checks the files of a folder by their content, and changes nothing.</summary>
    /// <returns>For each file what is wrong with it, in words that continue "it …"; null if it is right.</returns>
    /// <exception cref="DatasetException">A file cannot be read.</exception>
    public static async Task<IReadOnlyDictionary<DatasetFile, string?>> VerifyAsync(DatasetDescription dataset, string folder, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentException.ThrowIfNullOrEmpty(folder);
        try
        {
            return await new VerificationCache(folder, dataset).ExamineAsync(trustNotes: false, cancellationToken);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new DatasetException(folder, $"The files in {folder} cannot be read: {error.Message} Correct that, and verify again.", error);
        }
    }

    private async Task<DownloadedDataset> CompleteAsync(DatasetDescription dataset, string folder, IReadOnlyList<Uri> mirrors, IProgress<DownloadProgress>? progress, CancellationToken cancellationToken)
    {
        var verified = new VerificationCache(folder, dataset);
        // Another process may have done it while this one waited.
        var states = await verified.ExamineAsync(trustNotes: true, cancellationToken);
        var wanted = dataset.Files.Where(file => states[file] is not null).ToArray();
        foreach (var file in wanted) AtomicFile.RemoveAbandoned(Path.Combine(folder, file.Name));
        var outcomes = await FetchAsync(wanted, dataset, folder, mirrors, progress, cancellationToken);

        verified.Note(dataset.Files.Where(file => states[file] is null).Concat(outcomes.Where(outcome => outcome.IsPlaced).Select(outcome => outcome.File)));
        var failures = outcomes.Where(outcome => !outcome.IsPlaced).ToArray();
        if (failures.Length > 0) throw new DatasetDownloadException(folder, dataset.Title, [.. InOrder(mirrors, failures.SelectMany(outcome => outcome.Failures))]);

        var damaged = wanted.Where(file => !VerificationCache.IsMissing(states[file]!)).Select(file => $"{Path.Combine(folder, file.Name)} was damaged (it {states[file]}) and was downloaded again.");
        var skipped = MirrorFailure.Lines(InOrder(mirrors, outcomes.SelectMany(outcome => outcome.Failures))).Select(line => $"A mirror was skipped. {line}.");
        return new DownloadedDataset(folder, [.. wanted.Select(file => file.Name)], [.. damaged, .. skipped]);
    }

    private async Task<(DatasetFile File, bool IsPlaced, IReadOnlyList<MirrorFailure> Failures)[]> FetchAsync(DatasetFile[] files, DatasetDescription dataset, string folder, IReadOnlyList<Uri> mirrors, IProgress<DownloadProgress>? progress, CancellationToken cancellationToken)
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
                // The disk is full, or the like: the other files need not be tried, and nothing may be written once
                // the lock is released.
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

    // ENOSPC, and Windows' ERROR_DISK_FULL.
    private static string NextStep(Exception error) => error is IOException { HResult: 28 or unchecked((int)0x80070070) }
        ? $"Make room on the disk, or let {UserCache.Variable} name a folder on another one."
        : $"Make the folder writable, or let {UserCache.Variable} name another one.";
}
