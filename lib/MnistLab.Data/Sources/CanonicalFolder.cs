using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using MnistLab.Data.Datasets;
using MnistLab.Hosting;

namespace MnistLab.Data.Sources;

/// <summary>
/// Provides the files of a dataset compressed and under their own names, as notebooks upload them and jobs read them. A
/// folder with uncompressed files or other names stays unchanged; its files are copied once to the user's cache.
/// </summary>
internal static class CanonicalFolder
{
    private const string LockFile = ".lock";

    /// <summary>
    /// Returns the folder itself if its files have the names in the dataset's description, or else a folder in the
    /// cache with copies that do.
    /// </summary>
    /// <param name="folder">A folder that contains all files of the dataset.</param>
    /// <param name="dataset">The dataset.</param>
    /// <param name="cacheFolder">Returns the user's cache folder.</param>
    /// <param name="cancellationToken">Cancels the copying.</param>
    /// <exception cref="IOException">A file cannot be read or the cache cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">A file cannot be read or the cache cannot be written.</exception>
    public static async Task<string> FindAsync(
        string folder, DatasetDescription dataset, Func<string> cacheFolder, CancellationToken cancellationToken)
    {
        if (dataset.Files.All(file => File.Exists(Path.Combine(folder, file.Name)))) return folder;
        var name = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(folder)))[..16];
        var copies = Path.Combine(cacheFolder(), "datasets", $"{dataset.Name}-{name}");
        Directory.CreateDirectory(copies);
        using var mine = await FileLock.AcquireAsync(
            Path.Combine(copies, LockFile), TimeProvider.System, cancellationToken);
        foreach (var file in dataset.Files)
        {
            var (source, copy) = (file.FindIn(folder)!, Path.Combine(copies, file.Name));
            // A copy has the last write time of its source: if the source has changed since, it is copied again.
            var time = File.GetLastWriteTimeUtc(source);
            if (File.Exists(copy) && File.GetLastWriteTimeUtc(copy) == time) continue;
            AtomicFile.RemoveAbandoned(copy);
            await AtomicFile.WriteAsync(copy, target => CompressAsync(source, target, cancellationToken));
            File.SetLastWriteTimeUtc(copy, time);
        }

        return copies;
    }

    private static async Task CompressAsync(string source, FileStream target, CancellationToken cancellationToken)
    {
        await using var file = File.OpenRead(source);
        var start = new byte[2];
        var length = await file.ReadAtLeastAsync(start, start.Length, throwOnEndOfStream: false, cancellationToken);
        file.Position = 0;
        if (length == start.Length && start is [0x1f, 0x8b])
        {
            await file.CopyToAsync(target, cancellationToken);
            return;
        }

        await using var gzip = new GZipStream(target, CompressionLevel.Fastest, leaveOpen: true);
        await file.CopyToAsync(gzip, cancellationToken);
    }
}
