namespace MnistLab.Kernel;

/// <summary>
/// Lets libraries be rebuilt while a notebook that uses them is open: a folder of libraries is used as it was when the notebook first referred to it, through a copy of
/// what a build may write. Packages and native libraries, which are large and stay as they are, are linked.
/// </summary>
/// <param name="root">Where the copies are kept. What a cell starts as a process of its own may run from there longer than the notebook.</param>
/// <param name="time">Says which copies are old.</param>
internal sealed class LibrarySnapshots(string root, TimeProvider time)
{
    // A folder with more than this is no build's output; its libraries are used where they are.
    private const int MostFiles = 2000;

    private static readonly TimeSpan Kept = TimeSpan.FromDays(14);

    private readonly Dictionary<string, LibrarySnapshot> _snapshots = new(StringComparer.Ordinal);

    /// <summary>Those of the user's own folder, for one session.</summary>
    public static LibrarySnapshots OfUser() =>
        new(Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.Create), "mnistlab", "libraries"), TimeProvider.System);

    /// <summary>The file that stands for a library.</summary>
    public string PathOf(string file)
    {
        var folder = Path.GetDirectoryName(file)!;
        if (!_snapshots.TryGetValue(folder, out var snapshot))
        {
            if (Directory.EnumerateFileSystemEntries(folder).Take(MostFiles + 1).Count() > MostFiles) return file;
            RemoveOld();
            _snapshots[folder] = snapshot = LibrarySnapshot.Take(folder, root, time);
        }

        return Path.Combine(snapshot.Folder, Path.GetFileName(file)) is var copy && File.Exists(copy) ? copy : file;
    }

    /// <summary>The names of the libraries that are not what they were when they were taken, each told once.</summary>
    public IReadOnlyList<string> TakeChanges() => [.. _snapshots.Values.SelectMany(snapshot => snapshot.TakeChanges())];

    private void RemoveOld()
    {
        if (!Directory.Exists(root)) return;
        foreach (var snapshot in Directory.EnumerateDirectories(root).Where(snapshot => time.GetUtcNow() - Directory.GetLastWriteTimeUtc(snapshot) > Kept))
        {
            try
            {
                Directory.Delete(snapshot, recursive: true);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                // Somebody still runs from it.
            }
        }
    }
}
