namespace MnistLab.Kernel.Libraries;

/// <summary>
/// Allows libraries to be rebuilt while a notebook that uses them is open: the notebook uses a folder of libraries as
/// it was at the first reference, through a copy of the files that a build may write. Packages and native libraries,
/// which are large and do not change, are linked.
/// </summary>
/// <param name="root">
/// The folder that contains the copies. A process that a cell started may use them longer than the notebook.
/// </param>
/// <param name="time">Determines the age of the copies.</param>
internal sealed class LibrarySnapshots(string root, TimeProvider time)
{
    // A larger folder is not the output of a build; its libraries are used without a snapshot.
    private const int MaxFiles = 2000;

    private static readonly TimeSpan Kept = TimeSpan.FromDays(14);

    private readonly Dictionary<string, LibrarySnapshot> _snapshots = new(StringComparer.Ordinal);

    /// <summary>Creates an instance for one session, with the folder of the user.</summary>
    public static LibrarySnapshots OfUser() =>
        new(Path.Combine(Environment.GetFolderPath(
            Environment.SpecialFolder.LocalApplicationData,
            Environment.SpecialFolderOption.Create), "mnistlab", "libraries"), TimeProvider.System);

    /// <summary>Returns the snapshot of a library; the library itself if it has none.</summary>
    public string PathOf(string file)
    {
        var folder = Path.GetDirectoryName(file)!;
        if (!_snapshots.TryGetValue(folder, out var snapshot))
        {
            if (Directory.EnumerateFileSystemEntries(folder).Take(MaxFiles + 1).Count() > MaxFiles) return file;
            RemoveOld();
            _snapshots[folder] = snapshot = LibrarySnapshot.Take(folder, root, time);
        }

        return Path.Combine(snapshot.Folder, Path.GetFileName(file)) is var copy && File.Exists(copy) ? copy : file;
    }

    /// <summary>
    /// Returns the names of the libraries that have changed since their snapshots, once for each change.
    /// </summary>
    public IReadOnlyList<string> TakeChanges() => [.. _snapshots.Values.SelectMany(snapshot => snapshot.TakeChanges())];

    private void RemoveOld()
    {
        if (!Directory.Exists(root)) return;
        foreach (var snapshot in Directory
            .EnumerateDirectories(root)
            .Where(snapshot => time.GetUtcNow() - Directory.GetLastWriteTimeUtc(snapshot) > Kept))
        {
            try
            {
                Directory.Delete(snapshot, recursive: true);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                // A process is still using the copy.
            }
        }
    }
}
