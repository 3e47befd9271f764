namespace MnistLab.Serving;

/// <summary>
/// A lock that one process holds on a file and that ends with the process, however the process ends.
/// </summary>
/// <remarks>
/// This tells whether a service is alive better than its process number does: numbers are used again, and an ended process keeps its number until its parent has looked at it.
/// </remarks>
internal sealed class FileLock : IDisposable
{
    private readonly FileStream _file;

    private FileLock(FileStream file) => _file = file;

    /// <summary>Takes the lock, or returns null where another process (or another part of this one) has it.</summary>
    public static FileLock? TryTake(string path)
    {
        try
        {
            return new FileLock(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException exception) when (exception is not (DirectoryNotFoundException or PathTooLongException or DriveNotFoundException))
        {
            return null;
        }
    }

    /// <summary>Takes the lock, waiting for whoever has it.</summary>
    public static async Task<FileLock> TakeAsync(string path, TimeProvider time, CancellationToken cancellationToken)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (TryTake(path) is { } taken) return taken;
            await Task.Delay(TimeSpan.FromMilliseconds(50), time, cancellationToken);
        }
    }

    /// <summary>Takes the lock, or returns null where another process keeps it: those who only look have it for a moment, and are waited for.</summary>
    public static async Task<FileLock?> TakeSoonAsync(string path, TimeProvider time)
    {
        for (var attempt = 1; ; attempt++)
        {
            if (TryTake(path) is { } taken) return taken;
            if (attempt == 100) return null;
            await Task.Delay(TimeSpan.FromMilliseconds(10), time);
        }
    }

    /// <summary>Whether someone has the lock.</summary>
    public static bool IsTaken(string path)
    {
        try
        {
            // To read, and sharing that: two who look do not see each other.
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            return false;
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return false;
        }
        catch (IOException)
        {
            return true;
        }
    }

    /// <summary>Gives the lock back. The file stays: removing it could take it from under another who has just opened it.</summary>
    public void Dispose() => _file.Dispose();
}
