namespace MnistLab.Data;

/// <summary>Lets one process at a time write to a folder. It ends with the process, however the process ends.</summary>
internal sealed class FolderLock : IDisposable
{
    private const string Name = ".lock";

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private readonly FileStream _file;

    private FolderLock(FileStream file) => _file = file;

    /// <summary>Takes the lock, waiting for whoever has it.</summary>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder cannot be written.</exception>
    public static async Task<FolderLock> TakeAsync(string folder, TimeProvider time, CancellationToken cancellationToken)
    {
        var path = Path.Combine(folder, Name);
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                return new FolderLock(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
            }
            catch (IOException error) when (IsTaken(error))
            {
                await Task.Delay(Pause, time, cancellationToken);
            }
        }
    }

    /// <summary>Gives the lock back. The file stays: removing it could take it from under another who has just opened it.</summary>
    public void Dispose() => _file.Dispose();

    // Windows: ERROR_SHARING_VIOLATION. Elsewhere: EWOULDBLOCK of flock, which is 11 on Linux and 35 on macOS.
    private static bool IsTaken(IOException error) => error.HResult == unchecked((int)0x80070020) || (!OperatingSystem.IsWindows() && error.HResult is 11 or 35);
}
