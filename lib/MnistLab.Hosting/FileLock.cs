namespace MnistLab.Hosting;

/// <summary>
/// Represents an exclusive lock on a file. The operating system releases it when the process ends, even if the process
/// crashes or is killed.
/// </summary>
/// <remarks>
/// A held lock proves that a process is alive. A process ID does not: IDs are reused, and an ended process keeps its ID
/// until its parent has collected its exit code. The file remains when the lock is released, because deleting it could
/// race with a process that has just opened it.
/// </remarks>
public sealed class FileLock : IDisposable
{
    // Error codes for lock contention: EWOULDBLOCK on Linux and on BSD systems (macOS), and two sharing errors on
    // Windows.
    private const int WouldBlockOnLinux = 11;
    private const int WouldBlockOnBsd = 35;
    private const int SharingViolation = 32;
    private const int LockViolation = 33;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan MaxPause = TimeSpan.FromMilliseconds(50);

    private readonly FileStream _file;

    private FileLock(FileStream file) => _file = file;

    /// <summary>Acquires the lock; returns null if it is held by another process or elsewhere in this one.</summary>
    /// <param name="path">The file, which is created if it is missing; its folder must exist.</param>
    /// <exception cref="IOException">The file cannot be opened for a reason other than contention, such as a disk that
    /// is read-only or full.</exception>
    /// <exception cref="UnauthorizedAccessException">The user has no permission to write the file.</exception>
    public static FileLock? TryAcquire(string path)
    {
        try
        {
            // FileShare.None is an exclusive lock on every system; on Unix, any other value is a shared lock.
            return new FileLock(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException exception) when (IsContention(exception))
        {
            return null;
        }
    }

    /// <summary>Acquires the lock; returns null if it is still held when the timeout expires.</summary>
    /// <param name="path">The file, which is created if it is missing; its folder must exist.</param>
    /// <param name="time">The clock that measures the wait.</param>
    /// <param name="timeout">The maximum wait; <see cref="Timeout.InfiniteTimeSpan"/> for no limit.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
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

    /// <summary>Acquires the lock, waiting without a time limit while it is held.</summary>
    /// <inheritdoc cref="TryAcquireAsync"/>
    public static Task<FileLock> AcquireAsync(
        string path, TimeProvider time, CancellationToken cancellationToken = default) =>
        AcquireAsync(path, time, Timeout.InfiniteTimeSpan, cancellationToken);

    /// <summary>Acquires the lock, waiting while it is held.</summary>
    /// <exception cref="IOException">The lock was still held when the timeout expired, or the file cannot be opened for
    /// another reason.</exception>
    /// <exception cref="UnauthorizedAccessException">The user has no permission to write the file.</exception>
    /// <inheritdoc cref="TryAcquireAsync" path="/param"/>
    public static async Task<FileLock> AcquireAsync(
        string path, TimeProvider time, TimeSpan timeout, CancellationToken cancellationToken) =>
        await TryAcquireAsync(path, time, timeout, cancellationToken)
            ?? throw new IOException(HeldMessage(path, timeout));

    /// <summary>Acquires a lock that is held only for milliseconds, and blocks the thread while waiting.</summary>
    /// <param name="path">The file, which is created if it is missing; its folder must exist.</param>
    /// <param name="timeout">The maximum wait.</param>
    /// <exception cref="IOException">The lock was still held when the timeout expired, or the file cannot be opened for
    /// another reason.</exception>
    /// <exception cref="UnauthorizedAccessException">The user has no permission to write the file.</exception>
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

    /// <summary>Returns whether the lock is held; false if the file does not exist.</summary>
    /// <param name="path">The file, which is not created.</param>
    /// <exception cref="IOException">The file cannot be opened for a reason other than contention.</exception>
    /// <exception cref="UnauthorizedAccessException">The user has no permission to read the file.</exception>
    public static bool IsHeld(string path)
    {
        try
        {
            // A shared lock, so that concurrent checks do not conflict with each other.
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

    // On Unix, HResult is the raw error number.
    private static bool IsContention(IOException exception) => OperatingSystem.IsWindows()
        ? (exception.HResult & 0xFFFF) is SharingViolation or LockViolation
        : exception.HResult == (OperatingSystem.IsLinux() ? WouldBlockOnLinux : WouldBlockOnBsd);
}
