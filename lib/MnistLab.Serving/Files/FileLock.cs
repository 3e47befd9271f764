namespace MnistLab.Serving;

/// <summary>
/// Represents an exclusive lock on a file. The operating system releases it when the process ends, however the process
/// ends.
/// </summary>
/// <remarks>
/// A held lock proves that a process is alive. A process ID does not: IDs are reused, and a process that has ended
/// keeps its ID until its parent has collected its exit code.
/// </remarks>
internal sealed class FileLock : IDisposable
{
    // Raw error numbers: EWOULDBLOCK of Linux and of the BSDs (macOS), and two sharing errors of Windows.
    private const int WouldBlockOnLinux = 11;
    private const int WouldBlockOnBsd = 35;
    private const int SharingViolation = 32;
    private const int LockViolation = 33;

    private readonly FileStream _file;

    private FileLock(FileStream file) => _file = file;

    /// <summary>
    /// Acquires the lock, or returns null if it is held, by another process or elsewhere in this one.
    /// </summary>
    /// <exception cref="IOException">The file cannot be opened for another reason, such as a read-only
    /// disk.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not write the file.</exception>
    public static FileLock? TryAcquire(string path)
    {
        try
        {
            return new FileLock(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException exception) when (IsContention(exception))
        {
            return null;
        }
    }

    /// <summary>Acquires the lock, waiting for as long as it is held elsewhere.</summary>
    /// <inheritdoc cref="TryAcquire"/>
    public static async Task<FileLock> AcquireAsync(string path, TimeProvider time, CancellationToken cancellationToken)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (TryAcquire(path) is { } acquired) return acquired;
            await Task.Delay(TimeSpan.FromMilliseconds(50), time, cancellationToken);
        }
    }

    /// <summary>
    /// Acquires the lock, or returns null if it is held for more than a second. <see cref="IsHeld"/> holds it for a
    /// moment.
    /// </summary>
    /// <inheritdoc cref="TryAcquire"/>
    public static async Task<FileLock?> AcquireSoonAsync(string path, TimeProvider time)
    {
        for (var attempt = 1; ; attempt++)
        {
            if (TryAcquire(path) is { } acquired) return acquired;
            if (attempt == 100) return null;
            await Task.Delay(TimeSpan.FromMilliseconds(10), time);
        }
    }

    /// <summary>Acquires a lock that is only ever held for milliseconds, blocking the thread meanwhile.</summary>
    /// <exception cref="IOException">It was held for ten seconds, or the file cannot be opened.</exception>
    public static FileLock Acquire(string path)
    {
        for (var start = Environment.TickCount64; ;)
        {
            if (TryAcquire(path) is { } acquired) return acquired;
            if (Environment.TickCount64 - start > 10_000)
                throw new IOException($"Another process has held {path} for 10 s. End that process, then retry.");
            Thread.Sleep(1);
        }
    }

    /// <summary>Returns whether the lock is held. A missing file is not held.</summary>
    /// <exception cref="IOException">The file cannot be opened for another reason.</exception>
    public static bool IsHeld(string path)
    {
        try
        {
            // A shared lock: two processes that only look do not see each other.
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            return false;
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return false;
        }
        catch (IOException exception) when (IsContention(exception))
        {
            return true;
        }
    }

    /// <summary>
    /// Releases the lock. The file stays: deleting it could pull it from under a process that has just opened it.
    /// </summary>
    public void Dispose() => _file.Dispose();

    // On Unix, .NET passes the error number on as it is.
    private static bool IsContention(IOException exception) => OperatingSystem.IsWindows()
        ? (exception.HResult & 0xFFFF) is SharingViolation or LockViolation
        : exception.HResult == (OperatingSystem.IsLinux() ? WouldBlockOnLinux : WouldBlockOnBsd);
}
