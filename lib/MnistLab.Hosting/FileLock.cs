namespace MnistLab.Hosting;

/// <summary>
/// Represents an exclusive lock on a file. The operating system releases it when the process ends, however the process
/// ends.
/// </summary>
/// <remarks>
/// A held lock proves that a process is alive. A process ID does not: IDs are reused, and a process that has ended
/// keeps its ID until its parent has collected its exit code. The file stays when the lock is released: deleting it
/// could pull it from under a process that has just opened it.
/// </remarks>
public sealed class FileLock : IDisposable
{
    // Raw error numbers: EWOULDBLOCK of Linux and of the BSDs (macOS), and two sharing errors of Windows.
    private const int WouldBlockOnLinux = 11;
    private const int WouldBlockOnBsd = 35;
    private const int SharingViolation = 32;
    private const int LockViolation = 33;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan MaxPause = TimeSpan.FromMilliseconds(50);

    private readonly FileStream _file;

    private FileLock(FileStream file) => _file = file;

    /// <summary>
    /// Acquires the lock, or returns null if it is held, by another process or elsewhere in this one.
    /// </summary>
    /// <param name="path">The file, which is created if it is missing; its folder must exist.</param>
    /// <exception cref="IOException">
    /// The file cannot be opened for another reason, such as a disk that is read-only or full.
    /// </exception>
    /// <exception cref="UnauthorizedAccessException">This user may not write the file.</exception>
    public static FileLock? TryAcquire(string path)
    {
        try
        {
            // FileShare.None is an exclusive lock on every system; on Unix any other value is a shared one.
            return new FileLock(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException exception) when (IsContention(exception))
        {
            return null;
        }
    }

    /// <summary>Acquires the lock, or returns null if it is held elsewhere until the timeout.</summary>
    /// <param name="path">The file, which is created if it is missing; its folder must exist.</param>
    /// <param name="time">The clock of the waits.</param>
    /// <param name="timeout">The maximum wait; <see cref="Timeout.InfiniteTimeSpan"/> for no limit.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <inheritdoc cref="TryAcquire" path="/exception"/>
    public static async Task<FileLock?> TryAcquireAsync(
        string path, TimeProvider time, TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(time);
        var start = time.GetTimestamp();
        for (var pause = FirstPause; ; pause = Longer(pause))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (TryAcquire(path) is { } acquired) return acquired;
            if (timeout != Timeout.InfiniteTimeSpan && time.GetElapsedTime(start) >= timeout) return null;
            await Task.Delay(pause, time, cancellationToken);
        }
    }

    /// <summary>Acquires the lock, waiting for as long as it is held elsewhere.</summary>
    /// <inheritdoc cref="TryAcquireAsync"/>
    public static Task<FileLock> AcquireAsync(
        string path, TimeProvider time, CancellationToken cancellationToken = default) =>
        AcquireAsync(path, time, Timeout.InfiniteTimeSpan, cancellationToken);

    /// <summary>Acquires the lock, waiting while it is held elsewhere.</summary>
    /// <exception cref="IOException">
    /// The lock was held elsewhere until the timeout, or the file cannot be opened for another reason.
    /// </exception>
    /// <exception cref="UnauthorizedAccessException">This user may not write the file.</exception>
    /// <inheritdoc cref="TryAcquireAsync" path="/param"/>
    public static async Task<FileLock> AcquireAsync(
        string path, TimeProvider time, TimeSpan timeout, CancellationToken cancellationToken) =>
        await TryAcquireAsync(path, time, timeout, cancellationToken)
            ?? throw new IOException(HeldMessage(path, timeout));

    /// <summary>Acquires a lock that is only ever held for milliseconds, blocking the thread meanwhile.</summary>
    /// <param name="path">The file, which is created if it is missing; its folder must exist.</param>
    /// <param name="timeout">The maximum wait.</param>
    /// <exception cref="IOException">
    /// The lock was held elsewhere until the timeout, or the file cannot be opened for another reason.
    /// </exception>
    /// <exception cref="UnauthorizedAccessException">This user may not write the file.</exception>
    public static FileLock Acquire(string path, TimeSpan timeout)
    {
        for (var start = TimeProvider.System.GetTimestamp(); ;)
        {
            if (TryAcquire(path) is { } acquired) return acquired;
            if (TimeProvider.System.GetElapsedTime(start) >= timeout)
                throw new IOException(HeldMessage(path, timeout));
            Thread.Sleep(FirstPause);
        }
    }

    /// <summary>Returns whether the lock is held. A missing file is not held.</summary>
    /// <param name="path">The file; it is not created.</param>
    /// <exception cref="IOException">The file cannot be opened for another reason.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not read the file.</exception>
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

    /// <summary>Releases the lock.</summary>
    public void Dispose() => _file.Dispose();

    private static TimeSpan Longer(TimeSpan pause) => TimeSpan.FromTicks(Math.Min(2 * pause.Ticks, MaxPause.Ticks));

    private static string HeldMessage(string path, TimeSpan timeout) => FormattableString.Invariant(
        $"Another process has held the lock {path} for {timeout.TotalSeconds:0.#} s. End that process, then retry.");

    // On Unix, .NET passes the error number on as it is.
    private static bool IsContention(IOException exception) => OperatingSystem.IsWindows()
        ? (exception.HResult & 0xFFFF) is SharingViolation or LockViolation
        : exception.HResult == (OperatingSystem.IsLinux() ? WouldBlockOnLinux : WouldBlockOnBsd);
}
