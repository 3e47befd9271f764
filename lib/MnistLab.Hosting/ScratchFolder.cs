namespace MnistLab.Hosting;

/// <summary>
/// Represents a folder for the intermediate files of one operation, in the user's temporary folder. Disposing it
/// deletes the folder and its contents.
/// </summary>
public sealed class ScratchFolder : IDisposable
{
    private ScratchFolder(string path) => Path = path;

    /// <summary>Gets the name of the environment variable that sets the temporary folder.</summary>
    public static string Variable => !OperatingSystem.IsWindows() ? "TMPDIR"
        // Windows checks TMP before TEMP.
        : string.IsNullOrEmpty(Environment.GetEnvironmentVariable("TMP")) ? "TEMP" : "TMP";

    /// <summary>Gets the full path of the folder.</summary>
    public string Path { get; }

    /// <summary>Creates a folder that only the current user can read.</summary>
    /// <param name="prefix">The prefix of the folder's name, such as <c>mnistlab-import-</c>.</param>
    /// <exception cref="ScratchFolderException">The temporary folder is missing, read-only, or full; the message names
    /// the folder and the next step.</exception>
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

    /// <summary>
    /// Runs an operation that uses the folder, and throws a specific exception if the disk becomes full.
    /// </summary>
    /// <param name="use">The operation, which receives the path of the folder.</param>
    /// <returns>The result of <paramref name="use"/>.</returns>
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

    /// <summary>Deletes the folder. Files that cannot be deleted are left to the operating system.</summary>
    public void Dispose()
    {
        try
        {
            Directory.Delete(Path, recursive: true);
        }
        // An exception here would hide that of the operation.
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
        }
    }

    private static string Root => System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetTempPath());

    // ENOSPC, EDQUOT (quota exceeded) on Linux, and ERROR_DISK_FULL on Windows.
    private static bool IsOfFullDisk(IOException error) =>
        error.HResult is 28 or 122 or unchecked((int)0x80070070);
}
