using MnistLab.Data;

namespace MnistLab.Training;

/// <summary>Brings what a worker writes on its machine to the job's output location, as it appears; what it deletes again is deleted there, too.</summary>
internal sealed class OutputUpload(JobFolder folder, IObjectStore store, ObjectUrl output)
{
    private readonly Dictionary<string, (long Length, DateTime Written)> _uploaded = new(StringComparer.Ordinal);

    /// <summary>Uploads what is new or changed since the last time.</summary>
    /// <exception cref="ObjectStoreException">The store refused or failed; the next time tries again.</exception>
    public async Task SyncAsync(CancellationToken cancellationToken)
    {
        var present = Files().ToDictionary(file => Path.GetRelativePath(folder.Path, file.FullName).Replace(Path.DirectorySeparatorChar, '/'), StringComparer.Ordinal);
        foreach (var (name, file) in present)
        {
            // Taken before the upload: what is written meanwhile is uploaded the next time.
            var stamp = (file.Length, file.LastWriteTimeUtc);
            if (_uploaded.TryGetValue(name, out var before) && before == stamp) continue;
            if (await UploadAsync(name, file, cancellationToken)) _uploaded[name] = stamp;
        }

        foreach (var gone in _uploaded.Keys.Where(name => !present.ContainsKey(name)).ToList())
        {
            await store.DeleteAsync(output / gone, cancellationToken);
            _uploaded.Remove(gone);
        }
    }

    private IEnumerable<FileInfo> Files()
    {
        string[] own = [folder.Log, folder.Events];
        IEnumerable<string> run = Directory.Exists(folder.Run) ? Directory.EnumerateFiles(folder.Run, "*", SearchOption.AllDirectories) : [];
        return own.Concat(run).Where(path => !path.EndsWith(".new", StringComparison.Ordinal)).Select(path => new FileInfo(path)).Where(file => file.Exists);
    }

    private async Task<bool> UploadAsync(string name, FileInfo file, CancellationToken cancellationToken)
    {
        // A copy: a log grows while it is uploaded, and an old checkpoint may go away.
        var copy = Path.Combine(folder.Path, "upload.new");
        try
        {
            file.CopyTo(copy, overwrite: true);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            return false;
        }

        await store.PutFileAsync(output / name, copy, cancellationToken: cancellationToken);
        File.Delete(copy);
        return true;
    }
}
