using MnistLab.Hosting;

namespace MnistLab.Storage.Folders;

/// <content>Reads and writes the files that hold the objects.</content>
public sealed partial class FolderObjectStore
{
    private static ObjectInfo Describe(ObjectUrl url, FileInfo file) => new(
        url,
        file.Length,
        new DateTimeOffset(file.LastWriteTimeUtc, TimeSpan.Zero),
        FormattableString.Invariant($"{file.LastWriteTimeUtc.Ticks:x16}-{file.Length:x}"));

    /// <summary>Moves a complete file to the object's path.</summary>
    private ObjectInfo Place(ObjectUrl url, string temporary, bool overwrite)
    {
        var file = FileOf(url);
        if (FindAlias(url) is { } alias) throw ObjectStoreErrors.Alias(url, Location, alias);
        // The ETag contains the write time, and a file system's clock may have a resolution of milliseconds; set the
        // exact time, so that two different contents do not get the same ETag.
        File.SetLastWriteTimeUtc(temporary, DateTime.UtcNow);
        var info = Describe(url, new FileInfo(temporary));
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        try
        {
            File.Move(temporary, file, overwrite);
        }
        catch (IOException) when (!overwrite && File.Exists(file))
        {
            throw ObjectStoreErrors.AlreadyExists(url, Location);
        }

        return info;
    }

    private async Task<FileLock> AcquireLockAsync(ObjectUrl url, CancellationToken cancellationToken)
    {
        try
        {
            var path = Path.Combine(_root, LockFile);
            return await FileLock.AcquireAsync(path, TimeProvider.System, LockTimeout, cancellationToken);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw ObjectStoreErrors.Failed(url, Location, error);
        }
    }

    private async Task WriteAsync(
        ObjectUrl url, Stream content, string file, IProgress<TransferProgress>? progress, CancellationToken cancellationToken)
    {
        try
        {
            await using var target = new FileStream(
                file, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0, FileOptions.Asynchronous);
            var done = await ObjectStoreExtensions.CopyAsync(url, content, target, progress, cancellationToken);
            // Flush before the file gets the object's name: a crash of the machine must not leave an empty object.
            target.Flush(flushToDisk: true);
            if (target.Length != done) throw ObjectStoreErrors.Differs(url, Location, done, target.Length);
        }
        catch (Exception error) when (error is UnauthorizedAccessException || (error is IOException and not ObjectStoreException))
        {
            throw ObjectStoreErrors.Failed(url, Location, error);
        }
    }

    /// <summary>
    /// Removes temporary files that terminated writers left behind; no upload to a folder takes that long.
    /// </summary>
    private void RemoveAbandoned()
    {
        var incoming = new DirectoryInfo(Path.Combine(_root, IncomingFolder));
        if (!incoming.Exists) return;
        foreach (var file in incoming.GetFiles())
        {
            if (DateTime.UtcNow - file.LastWriteTimeUtc > AbandonedAfter) file.Delete();
        }
    }

    private string BucketFolder(ObjectUrl url) => Path.Combine(_root, FolderKey.ToBucketFolder(url.Bucket));

    private string FileOf(ObjectUrl url) => Path.Combine(BucketFolder(url), FolderKey.ToFilePath(url.Key));

    private string? FindAlias(ObjectUrl url) =>
        FileNameRules.FindAlias(BucketFolder(url), FolderKey.ToFilePath(url.Key), _disk);

    /// <summary>Returns the path of the file of an object; null if it does not exist.</summary>
    private string? FindFile(ObjectUrl url) =>
        FileOf(url) is var file && File.Exists(file) && FindAlias(url) is null ? file : null;
}
