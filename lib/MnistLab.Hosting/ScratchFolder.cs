namespace MnistLab.Hosting;

/// <summary>
/// Represents a folder for the intermediate files of one operation. It lies in the temporary folder of the user, and
/// is deleted with everything in it when it is disposed.
/// </summary>
public sealed class ScratchFolder : IDisposable
{
    private ScratchFolder(string path) => Path = path;

    /// <summary>Gets the name of the environment variable that chooses the temporary folder.</summary>
    public static string Variable => !OperatingSystem.IsWindows() ? "TMPDIR"
        // Windows asks for TMP first.
        : string.IsNullOrEmpty(Environment.GetEnvironmentVariable("TMP")) ? "TEMP" : "TMP";

    /// <summary>Gets the full path of the folder.</summary>
    public string Path { get; }

    /// <summary>Creates a folder that only this user can read.</summary>
    /// <param name="prefix">How the name of the folder begins, such as <c>mnistlab-import-</c>.</param>
    /// <exception cref="ScratchFolderException">
    /// The temporary folder is missing, read-only, or full; the message names it, and says what to do.
    /// </exception>
    public static ScratchFolder Create(string prefix)
    {
        ArgumentException.ThrowIfNullOrEmpty(prefix);
        try
        {
            return new ScratchFolder(Directory.CreateTempSubdirectory(prefix).FullName);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw ScratchFolderException.OfCreation(Root, Variable, error);
        }
    }

    /// <summary>Does something with the folder, and explains a disk that becomes full meanwhile.</summary>
    /// <param name="use">What to do; gets the path of the folder.</param>
    /// <returns>What <paramref name="use"/> returns.</returns>
    /// <exception cref="ScratchFolderException">The disk of the temporary folder is full.</exception>
    public async Task<T> UseAsync<T>(Func<string, Task<T>> use)
    {
        ArgumentNullException.ThrowIfNull(use);
        try
        {
            return await use(Path);
        }
        catch (IOException error) when (IsOfFullDisk(error) && error.Message.Contains(Path, StringComparison.Ordinal))
        {
            throw ScratchFolderException.OfFullDisk(Root, Variable, error);
        }
    }

    /// <inheritdoc cref="UseAsync{T}"/>
    public Task UseAsync(Func<string, Task> use)
    {
        ArgumentNullException.ThrowIfNull(use);
        return UseAsync<object?>(async folder =>
        {
            await use(folder);
            return null;
        });
    }

    /// <summary>Deletes the folder. What cannot be deleted is left to the system.</summary>
    public void Dispose()
    {
        try
        {
            Directory.Delete(Path, recursive: true);
        }
        // An error here would hide that of the operation.
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
        }
    }

    private static string Root => System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetTempPath());

    // ENOSPC, EDQUOT of a user's quota on Linux, and Windows' ERROR_DISK_FULL.
    private static bool IsOfFullDisk(IOException error) =>
        error.HResult is 28 or 122 or unchecked((int)0x80070070);
}
