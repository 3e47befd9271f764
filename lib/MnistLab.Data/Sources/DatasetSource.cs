using MnistLab.Data.Datasets;
using MnistLab.Data.Download;

namespace MnistLab.Data.Sources;

/// <summary>Represents the location of the dataset in use.</summary>
/// <param name="Folder">The folder of the four files.</param>
/// <param name="IsSample">Whether it is the bundled sample rather than the full MNIST.</param>
/// <param name="Notice">A message for the user: which dataset is used, and why. It may have several lines.</param>
public sealed record DatasetSource(string Folder, bool IsSample, string Notice)
{
    /// <summary>The environment variable that names the folder of the full dataset.</summary>
    public const string Variable = "MNIST_DIR";

    /// <summary>
    /// The environment variable that overrides the mirrors: addresses of folders that start with <c>http</c>,
    /// <c>https</c>, or <c>file</c>, separated by commas or spaces, or <c>none</c>.
    /// </summary>
    public const string MirrorsVariable = "MNIST_MIRRORS";

    /// <summary>
    /// Selects the dataset: the one in <c>MNIST_DIR</c> if it is set; otherwise the one in the cache, which is
    /// downloaded if necessary; or, if no mirror provides it or <c>MNIST_MIRRORS</c> is <c>none</c>, the bundled
    /// sample.
    /// </summary>
    /// <param name="environment">
    /// Looks up an environment variable, including those that <see cref="UserCache"/> reads; returns null if it is not
    /// set.
    /// </param>
    /// <param name="download">Downloads the dataset.</param>
    /// <param name="sampleFolder">The folder of the sample.</param>
    /// <param name="progress">Receives the progress of a download.</param>
    /// <param name="cancellationToken">Cancels a download.</param>
    /// <exception cref="DatasetException">
    /// The folder in <c>MNIST_DIR</c> or the sample lacks a file, a mirror in <c>MNIST_MIRRORS</c> is not valid, or the
    /// cache cannot be written. The sample never replaces a folder that is configured.
    /// </exception>
    public static async Task<DatasetSource> FindAsync(
        Func<string, string?> environment,
        DatasetDownload download,
        string sampleFolder,
        IProgress<DownloadProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(environment);
        ArgumentNullException.ThrowIfNull(download);
        if (environment(Variable) is { } named && !string.IsNullOrWhiteSpace(named))
            return await InFolderAsync(Path.GetFullPath(named), environment, cancellationToken);

        var mirrors = ReadMirrors(environment(MirrorsVariable));
        if (mirrors.Count == 0)
            return Sample(
                sampleFolder,
                $"{Variable} is not set: using",
                $", without a download, as {MirrorsVariable} is {MirrorList.None}");
        try
        {
            var dataset = DatasetDescription.Mnist;
            return InCache(await download.GetAsync(
                dataset,
                UserCache.DatasetFolder(UserCache.Find(environment), dataset),
                mirrors,
                progress,
                cancellationToken));
        }
        catch (DatasetDownloadException error)
        {
            var reasons = string.Concat(MirrorFailure.Lines(error.Failures).Select(line => $"{Environment.NewLine}  {line}"));
            return Sample(
                sampleFolder,
                $"{Variable} is not set, and MNIST could not be downloaded: using",
                "",
                $"{reasons}{Environment.NewLine}The next run tries again; {MirrorsVariable}={MirrorList.None} prevents that.");
        }
    }

    private static async Task<DatasetSource> InFolderAsync(
        string folder, Func<string, string?> environment, CancellationToken cancellationToken)
    {
        try
        {
            MnistFiles.Validate(folder);
        }
        catch (DatasetException error)
        {
            throw new DatasetException(
                folder, $"{Variable} is set, but {error.Message} Alternatively, unset {Variable} to download MNIST.", error);
        }

        try
        {
            var used = await CanonicalFolder.FindAsync(
                folder, DatasetDescription.Mnist, () => UserCache.Find(environment), cancellationToken);
            var copy = used == folder ? "" : $" Its files are compressed and under their usual names in {used}.";
            return new DatasetSource(used, false, $"Using the dataset in {folder}, which {Variable} specifies.{copy}");
        }
        catch (Exception error) when (error is (IOException and not DatasetException) or UnauthorizedAccessException)
        {
            throw new DatasetException(
                folder,
                $"The files in {folder} cannot be copied under their usual names: {error.Message} "
                + $"Rename and compress them to {string.Join(", ", MnistFiles.All)}, "
                + $"or set {UserCache.Variable} to a writable folder.",
                error);
        }
    }

    private static DatasetSource InCache(DownloadedDataset dataset)
    {
        var origin = dataset.DownloadedFiles.Count == 0 ? "downloaded earlier" : "downloaded just now";
        var remarks = string.Concat(dataset.Remarks.Select(remark => Environment.NewLine + remark));
        return new DatasetSource(
            dataset.Folder,
            false,
            $"Using the full MNIST in {dataset.Folder}, {origin}; {Variable} is not set.{remarks}");
    }

    private static DatasetSource Sample(string folder, string start, string reason, string details = "")
    {
        MnistFiles.Validate(folder);
        return new DatasetSource(
            folder,
            true,
            $"{start} the bundled sample of 5,000 handwritten digits in {folder}{reason}. Set {Variable} to a folder with the four MNIST files to use all 70,000.{details}");
    }

    private static IReadOnlyList<Uri> ReadMirrors(string? text)
    {
        if (string.IsNullOrWhiteSpace(text)) return DatasetDescription.Mnist.Mirrors;
        try
        {
            return MirrorList.Parse(text);
        }
        catch (DatasetException error)
        {
            throw new DatasetException(
                error.Path,
                $"{MirrorsVariable} is set, but: {error.Message} Alternatively, unset {MirrorsVariable} to use the default mirrors.",
                error);
        }
    }
}
