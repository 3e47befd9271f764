namespace MnistLab.Data;

/// <summary>
/// Represents a lock that one process at a time holds, by a file. It ends with the process, however the process ends.
/// </summary>
internal sealed class FileLock : IDisposable
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan MaxPause = TimeSpan.FromMilliseconds(50);

    private readonly FileStream _file;

    private FileLock(FileStream file) => _file = file;

    /// <summary>Acquires the lock, waiting while another holds it.</summary>
    /// <param name="path">
    /// The file; its folder exists. The file stays: removing it could take it from under another who has just opened
    /// it.
    /// </param>
    /// <param name="time">The clock of the waits.</param>
    /// <param name="timeout">How long to wait; <see cref="Timeout.InfiniteTimeSpan"/> for as long as it takes.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="TimeoutException">Another held the lock all the time.</exception>
    /// <exception cref="IOException">
    /// The file cannot be opened for another reason, such as a disk that is read-only or full.
    /// </exception>
    /// <exception cref="UnauthorizedAccessException">The file cannot be written.</exception>
    public static async Task<FileLock> AcquireAsync(
        string path, TimeProvider time, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        for (var pause = FirstPause; ; pause = TimeSpan.FromTicks(Math.Min(2 * pause.Ticks, MaxPause.Ticks)))
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                // FileShare.None is an exclusive lock on every system; on Unix any other value is a shared one.
                return new FileLock(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
            }
            catch (IOException error) when (IsHeld(error))
            {
                if (timeout != Timeout.InfiniteTimeSpan && time.GetElapsedTime(start) >= timeout)
                {
                    var seconds = FormattableString.Invariant($"{timeout.TotalSeconds:0.#}");
                    throw new TimeoutException($"Another process has held the lock {path} for {seconds} s.", error);
                }
            }

            await Task.Delay(pause, time, cancellationToken);
        }
    }

    /// <summary>Releases the lock.</summary>
    public void Dispose() => _file.Dispose();

    // Windows: ERROR_SHARING_VIOLATION. Elsewhere: EWOULDBLOCK of flock, which is 11 on Linux and 35 on macOS.
    private static bool IsHeld(IOException error) =>
        error.HResult == unchecked((int)0x80070020) || (!OperatingSystem.IsWindows() && error.HResult is 11 or 35);
}
