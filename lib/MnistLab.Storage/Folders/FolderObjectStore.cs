using System.Runtime.CompilerServices;
using MnistLab.Hosting;

namespace MnistLab.Storage.Folders;

/// <summary>
/// Represents an object store whose objects are files: bucket <c>b</c> and key <c>datasets/train.gz</c> are the file
/// <c>root/b/datasets/train.gz</c>, which people can open with any program.
/// </summary>
/// <remarks>
/// Any number of processes may use the same folder at a time. On a disk that ignores case, as those of Windows and
/// macOS do, a key that differs from an existing one only in case is rejected
/// (<see cref="ObjectStoreError.NotSupported"/>).
/// </remarks>
public sealed partial class FolderObjectStore : IObjectStore
{
    // These lie in the root but are not buckets: the name of a bucket begins with a letter or digit.
    private const string IncomingFolder = ".incoming";
    private const string LockFile = ".lock";
    private const int ReadBuffer = 1 << 17;
    private static readonly TimeSpan AbandonedAfter = TimeSpan.FromDays(1);
    // The lock is held only while one file is moved.
    private static readonly TimeSpan LockTimeout = TimeSpan.FromSeconds(30);

    private readonly string _root;
    private readonly IDiskNames _disk;

    /// <summary>Initializes a store; its folder is created with the first bucket.</summary>
    /// <param name="root">The folder that contains the folders of the buckets.</param>
    public FolderObjectStore(string root)
        : this(root, DiskNames.Instance)
    {
    }

    internal FolderObjectStore(string root, IDiskNames disk)
    {
        ArgumentException.ThrowIfNullOrEmpty(root);
        (_root, _disk) = (Path.GetFullPath(root), disk);
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
    public async IAsyncEnumerable<string> ListBucketsAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await Task.CompletedTask;
        foreach (var bucket in FindBuckets())
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return bucket;
        }
    }

    /// <inheritdoc/>
    public async Task<ObjectInfo> PutAsync(
        ObjectUrl url,
        Stream content,
        PutOptions? options = null,
        IProgress<TransferProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        options ??= PutOptions.Default;
        RequireObject(url);
        ArgumentNullException.ThrowIfNull(content);
        RequireBucket(url);
        var incoming = Path.Combine(_root, IncomingFolder);
        Guard(url, () => Directory.CreateDirectory(incoming));
        var temporary = Path.Combine(incoming, Guid.NewGuid().ToString("N"));
        try
        {
            await WriteAsync(url, content, temporary, progress, cancellationToken);
            if (!options.OnlyIfAbsent) return Guard(url, () => Place(url, temporary, overwrite: true));
            // File.Move without overwriting checks, then moves: two concurrent writers could both succeed. Hence the
            // lock.
            using var mine = await AcquireLockAsync(url, cancellationToken);
            return Guard(url, () => Place(url, temporary, overwrite: false));
        }
        catch
        {
            AtomicFile.Discard(temporary);
            throw;
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
            var stream = new FileStream(
                FindFile(url) ?? throw ObjectStoreErrors.NoSuchKey(url, Location),
                FileMode.Open,
                FileAccess.Read,
                FileShare.Read | FileShare.Delete,
                ReadBuffer,
                FileOptions.Asynchronous | FileOptions.SequentialScan);
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
        return Task.FromResult(Guard(
            url, () => FindFile(url) is { } path && new FileInfo(path) is { Exists: true } file ? Describe(url, file) : null));
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<ObjectInfo> ListAsync(
        ObjectUrl prefix, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        RequireBucket(prefix);
        var bucket = BucketFolder(prefix);
        var start = prefix.AsPrefix();
        var relative = FolderKey.ToFolderPath(start.Key);
        var folder = Path.Combine(bucket, relative);
        var files = Guard(prefix, () => Directory.Exists(folder) && FileNameRules.FindAlias(bucket, relative, _disk) is null
            ? Directory.GetFiles(folder, "*", SearchOption.AllDirectories)
            : []);
        var objects = files
            .Select(file => (File: file, Key: FolderKey.FromPath(Path.GetRelativePath(bucket, file))))
            .OrderBy(item => item.Key, KeyOrder.Instance);
        foreach (var (path, key) in objects)
        {
            cancellationToken.ThrowIfCancellationRequested();
            // A file that someone added by hand, under a name that no key maps to, is not an object.
            if (!ObjectUrl.TryParse($"s3://{prefix.Bucket}/{key}", out var url) || url.IsPrefix || FileOf(url) != path) continue;
            // The file may have been deleted since the folder was listed.
            if (Guard(url, () => new FileInfo(path) is { Exists: true } file ? Describe(url, file) : null) is { } info) yield return info;
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<ListedItem> ListFolderAsync(
        ObjectUrl prefix, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        var start = prefix.AsPrefix();
        ObjectUrl? folder = null;
        // Lists all objects below the prefix, because escaped and split names may store its items in other folders.
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
        await using var content = await GetAsync(source, null, cancellationToken);
        return await PutAsync(destination, content, cancellationToken: cancellationToken);
    }

    /// <inheritdoc/>
    public Task DeleteAsync(ObjectUrl url, CancellationToken cancellationToken = default)
    {
        RequireObject(url);
        cancellationToken.ThrowIfCancellationRequested();
        RequireBucket(url);
        Guard(url, () =>
        {
            if (FindFile(url) is { } file) File.Delete(file);
        });
        return Task.CompletedTask;
    }

    private IReadOnlyList<string> FindBuckets()
    {
        try
        {
            if (!Directory.Exists(_root)) return [];
            var names = Directory.GetDirectories(_root).Select(folder => FolderKey.FromPath(Path.GetFileName(folder)));
            // A folder that someone added by hand, under a name that no bucket has, is not a bucket.
            return [.. names.Where(name => ObjectUrl.TryParse($"s3://{name}", out _)).Order(StringComparer.Ordinal)];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ObjectStoreException(
                ObjectStoreError.Unavailable,
                $"The buckets in {Location} cannot be listed: {error.Message} Check that the folder can be read.",
                error);
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
