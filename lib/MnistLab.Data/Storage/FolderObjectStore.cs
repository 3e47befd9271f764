using System.Runtime.CompilerServices;

namespace MnistLab.Data;

/// <summary>
/// Objects as files: bucket <c>b</c> and key <c>datasets/train.gz</c> are the file <c>root/b/datasets/train.gz</c>, so that people can look at them with any program.
/// </summary>
/// <remarks>
/// Any number of processes may use one folder at a time.
/// </remarks>
public sealed class FolderObjectStore : IObjectStore
{
    // Below the root, but no bucket: a bucket's name begins with a letter or a digit.
    private const string IncomingFolder = ".incoming";
    private const string TurnFile = ".turn";
    private const int TurnAttempts = 5000;
    private const int CopyBuffer = 1 << 17;
    private static readonly TimeSpan Patience = TimeSpan.FromDays(1);

    private readonly string _root;
    private readonly FolderMetadata _metadata;

    /// <summary>Opens a store; the folder is created when something is put there.</summary>
    /// <param name="root">The folder of the buckets.</param>
    public FolderObjectStore(string root)
    {
        ArgumentException.ThrowIfNullOrEmpty(root);
        _root = Path.GetFullPath(root);
        _metadata = new FolderMetadata(_root);
    }

    /// <inheritdoc/>
    public string Location => _root;

    /// <inheritdoc/>
    public Task CreateBucketAsync(string bucket, CancellationToken cancellationToken = default)
    {
        var url = ObjectUrl.Parse($"s3://{bucket}");
        cancellationToken.ThrowIfCancellationRequested();
        Guard(url, () =>
        {
            Directory.CreateDirectory(BucketFolder(url));
            RemoveAbandoned();
        });
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task<ObjectInfo> PutAsync(
        ObjectUrl url, Stream content, PutOptions? options = null, IProgress<TransferProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        options ??= PutOptions.Default;
        RequireObject(url);
        ArgumentNullException.ThrowIfNull(content);
        options.Require(url);
        RequireBucket(url);
        var incoming = Path.Combine(_root, IncomingFolder);
        var temporary = Path.Combine(incoming, Guid.NewGuid().ToString("N"));
        try
        {
            Guard(url, () => Directory.CreateDirectory(incoming));
            await WriteAsync(url, content, temporary, progress, cancellationToken);
            return Guard(url, () => Place(url, temporary, options));
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    /// <inheritdoc/>
    public Task<Stream> GetAsync(ObjectUrl url, ByteRange? range = null, CancellationToken cancellationToken = default)
    {
        RequireObject(url);
        cancellationToken.ThrowIfCancellationRequested();
        RequireBucket(url);
        return Task.FromResult(Guard<Stream>(url, () =>
        {
            var stream = new FileStream(FileOf(url), FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, CopyBuffer, FileOptions.Asynchronous | FileOptions.SequentialScan);
            if (range is not { } part) return stream;
            if (part.Offset < 0 || part.Length < 1 || part.Offset >= stream.Length)
            {
                stream.Dispose();
                throw ObjectStoreErrors.BadRange(url, part, Location);
            }

            stream.Position = part.Offset;
            return new LimitedStream(stream, part.Length);
        }));
    }

    /// <inheritdoc/>
    public Task<ObjectInfo?> HeadAsync(ObjectUrl url, CancellationToken cancellationToken = default)
    {
        RequireObject(url);
        cancellationToken.ThrowIfCancellationRequested();
        RequireBucket(url);
        return Task.FromResult(Guard(url, () => new FileInfo(FileOf(url)) is { Exists: true } file ? WithMetadata(Describe(url, file)) : null));
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<ObjectInfo> ListAsync(ObjectUrl prefix, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        RequireBucket(prefix);
        var bucket = BucketFolder(prefix);
        var start = prefix.AsPrefix();
        var folder = Path.Combine(bucket, FolderKey.ToFolderPath(start.Key));
        var files = Guard(prefix, () => Directory.Exists(folder) ? Directory.GetFiles(folder, "*", SearchOption.AllDirectories) : []);
        var objects = files
            .Select(file => (File: file, Key: FolderKey.FromPath(Path.GetRelativePath(bucket, file))))
            .OrderBy(item => item.Key, KeyOrder.Instance);
        foreach (var (path, key) in objects)
        {
            cancellationToken.ThrowIfCancellationRequested();
            // A file that someone put there by hand under a name that no key has is not an object.
            if (!ObjectUrl.TryParse($"s3://{prefix.Bucket}/{key}", out var url) || url.IsPrefix || FileOf(url) != path) continue;
            // One that has gone since is not there any more.
            if (Guard(url, () => new FileInfo(path) is { Exists: true } file ? Describe(url, file) : null) is { } info) yield return info;
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<ListedItem> ListFolderAsync(ObjectUrl prefix, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        var start = prefix.AsPrefix();
        ObjectUrl? folder = null;
        // Names that are marked or cut into several folders make looking at one folder of files no shortcut.
        await foreach (var item in ListAsync(start, cancellationToken))
        {
            var slash = item.Url.Key.IndexOf('/', start.Key.Length);
            if (slash < 0)
            {
                yield return new ListedItem(item.Url, item);
            }
            else if (folder is null || !item.Url.Key.StartsWith(folder.Key, StringComparison.Ordinal))
            {
                folder = start / item.Url.Key[start.Key.Length..(slash + 1)];
                yield return new ListedItem(folder, null);
            }
        }
    }

    /// <inheritdoc/>
    public async Task<ObjectInfo> CopyAsync(ObjectUrl source, ObjectUrl destination, CancellationToken cancellationToken = default)
    {
        // The content may be replaced between the two; its metadata must not be another's.
        while (true)
        {
            var before = await HeadAsync(source, cancellationToken) ?? throw ObjectStoreErrors.NoSuchKey(source, Location);
            await using var content = await GetAsync(source, null, cancellationToken);
            if (before.ETag == (await HeadAsync(source, cancellationToken))?.ETag)
                return await PutAsync(destination, content, new PutOptions { Metadata = before.Metadata }, null, cancellationToken);
        }
    }

    /// <inheritdoc/>
    public Task DeleteAsync(ObjectUrl url, CancellationToken cancellationToken = default)
    {
        RequireObject(url);
        cancellationToken.ThrowIfCancellationRequested();
        RequireBucket(url);
        Guard(url, () =>
        {
            var file = FileOf(url);
            if (new FileInfo(file) is not { Exists: true } existing) return;
            var eTag = Describe(url, existing).ETag;
            File.Delete(file);
            _metadata.Forget(url, eTag);
        });
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<Uri> PresignAsync(ObjectUrl url, TimeSpan lifetime, CancellationToken cancellationToken = default)
    {
        RequireObject(url);
        ObjectStoreErrors.RequireLifetime(lifetime);
        RequireBucket(url);
        return Task.FromResult(new Uri(FileOf(url)));
    }

    private static ObjectInfo Describe(ObjectUrl url, FileInfo file) => new(
        url, file.Length, new DateTimeOffset(file.LastWriteTimeUtc, TimeSpan.Zero), FormattableString.Invariant($"{file.LastWriteTimeUtc.Ticks:x16}-{file.Length:x}"));

    private ObjectInfo WithMetadata(ObjectInfo info) => info with { Metadata = _metadata.Read(info.Url, info.ETag) };

    /// <summary>Gives a complete file the object's name; its metadata are there before it is, under its tag.</summary>
    private ObjectInfo Place(ObjectUrl url, string temporary, PutOptions options)
    {
        var file = FileOf(url);
        // The clock of a file system may stand still for some milliseconds; two contents must not have the same time.
        File.SetLastWriteTimeUtc(temporary, DateTime.UtcNow);
        var info = Describe(url, new FileInfo(temporary));
        if (options.Metadata.Count > 0) _metadata.Write(url, info.ETag, options.Metadata);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        try
        {
            // Moving without overwriting looks first and moves then, so that two who do it at once may both succeed: those take turns.
            using var turn = options.OnlyIfAbsent ? TakeTurn() : null;
            File.Move(temporary, file, overwrite: !options.OnlyIfAbsent);
        }
        catch (IOException) when (options.OnlyIfAbsent && File.Exists(file))
        {
            _metadata.Forget(url, info.ETag);
            throw ObjectStoreErrors.AlreadyExists(url, Location);
        }

        _metadata.Tidy(url, info.ETag);
        return info with { Metadata = options.Metadata };
    }

    /// <summary>Waits until nobody else, in this process or another, has the turn. It ends with its holder, however that ends, and takes no longer than a file is moved.</summary>
    private FileStream TakeTurn()
    {
        var file = Path.Combine(_root, TurnFile);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (attempt < TurnAttempts && File.Exists(file))
            {
                Thread.Sleep(1);
            }
        }
    }

    private async Task WriteAsync(ObjectUrl url, Stream content, string file, IProgress<TransferProgress>? progress, CancellationToken cancellationToken)
    {
        long? total = content.CanSeek ? content.Length - content.Position : null;
        long done = 0;
        var buffer = new byte[CopyBuffer];
        try
        {
            await using var target = new FileStream(file, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0, FileOptions.Asynchronous);
            int read;
            while ((read = await content.ReadAsync(buffer, cancellationToken)) > 0)
            {
                await target.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
                done += read;
                progress?.Report(new TransferProgress(url, done, total));
            }

            // On the disk before it takes the object's name: a crash of the machine must not leave an empty object.
            target.Flush(flushToDisk: true);
            if (target.Length != done) throw new ObjectStoreException(ObjectStoreError.Corrupted, $"{url} was not kept: {_root} holds {target.Length} of {done} bytes. Is the disk full?");
            if (done == 0) progress?.Report(new TransferProgress(url, 0, 0));
        }
        catch (IOException error) when (error is not ObjectStoreException)
        {
            throw ObjectStoreErrors.Failed(url, Location, error);
        }
        catch (UnauthorizedAccessException error)
        {
            throw ObjectStoreErrors.Failed(url, Location, error);
        }
    }

    /// <summary>Removes what writers left that were killed; no upload to a folder lasts so long.</summary>
    private void RemoveAbandoned()
    {
        var incoming = new DirectoryInfo(Path.Combine(_root, IncomingFolder));
        if (!incoming.Exists) return;
        foreach (var file in incoming.GetFiles())
        {
            if (DateTime.UtcNow - file.LastWriteTimeUtc > Patience) file.Delete();
        }
    }

    private static void RequireObject(ObjectUrl url)
    {
        ArgumentNullException.ThrowIfNull(url);
        if (url.IsPrefix) throw ObjectStoreErrors.NotAnObject(url);
    }

    private void RequireBucket(ObjectUrl url)
    {
        if (!Directory.Exists(BucketFolder(url))) throw ObjectStoreErrors.NoSuchBucket(url, Location);
    }

    private string BucketFolder(ObjectUrl url) => Path.Combine(_root, url.Bucket);

    private string FileOf(ObjectUrl url) => Path.Combine(BucketFolder(url), FolderKey.ToFilePath(url.Key));

    private void Guard(ObjectUrl url, Action action) => Guard<object?>(url, () =>
    {
        action();
        return null;
    });

    private T Guard<T>(ObjectUrl url, Func<T> action)
    {
        try
        {
            return action();
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw ObjectStoreErrors.NoSuchKey(url, Location, error);
        }
        catch (Exception error) when (error is UnauthorizedAccessException || (error is IOException and not ObjectStoreException))
        {
            throw ObjectStoreErrors.Failed(url, Location, error);
        }
    }
}
