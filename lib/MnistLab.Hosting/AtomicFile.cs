using System.Text;

namespace MnistLab.Hosting;

/// <summary>
/// Writes files atomically: under a temporary name in the same folder, which is then moved to the target.
/// </summary>
public static class AtomicFile
{
    private const int BufferSize = 1 << 16;
    private const string Suffix = ".new";

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    /// <summary>Writes a file atomically. It appears only after <paramref name="write"/> has succeeded.</summary>
    /// <param name="path">The file to create or replace; its folder is created if it is missing.</param>
    /// <param name="write">Writes the content.</param>
    /// <exception cref="IOException">The file cannot be written; an existing file is unchanged.</exception>
    /// <exception cref="UnauthorizedAccessException">The user has no permission to write the file.</exception>
    public static async Task WriteAsync(string path, Func<FileStream, Task> write)
    {
        ArgumentNullException.ThrowIfNull(write);
        CreateFolderOf(path);
        var temporary = TemporaryNameOf(path);
        try
        {
            await using (var file = Create(temporary, FileOptions.Asynchronous, mode: null)) await write(file);
            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            Discard(temporary);
            throw;
        }
    }

    /// <inheritdoc cref="WriteAsync"/>
    public static void Write(string path, Action<FileStream> write)
    {
        CreateFolderOf(path);
        Replace(path, write);
    }

    /// <summary>Writes text atomically as UTF-8 without a byte order mark.</summary>
    /// <param name="path">The file to create or replace; its folder is created if it is missing.</param>
    /// <param name="text">The content.</param>
    /// <inheritdoc cref="WriteAsync" path="/exception"/>
    public static void WriteAllText(string path, string text) => Write(path, file => file.Write(Utf8.GetBytes(text)));

    /// <summary>
    /// Creates or replaces a file atomically in an existing folder. If the folder has been deleted, it is not created
    /// again.
    /// </summary>
    /// <param name="path">The file to create or replace.</param>
    /// <param name="write">Writes the content.</param>
    /// <param name="mode">The permissions of the file; null for the user's default. Ignored on Windows.</param>
    /// <inheritdoc cref="WriteAsync" path="/exception"/>
    public static void Replace(string path, Action<FileStream> write, UnixFileMode? mode = null)
    {
        ArgumentNullException.ThrowIfNull(write);
        var temporary = TemporaryNameOf(path);
        try
        {
            using (var file = Create(temporary, FileOptions.None, mode)) write(file);
            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            Discard(temporary);
            throw;
        }
    }

    /// <summary>
    /// Deletes the temporary file of a failed write. Errors are ignored, so that the caller reports the original one.
    /// </summary>
    /// <param name="temporary">The temporary file.</param>
    public static void Discard(string temporary)
    {
        try
        {
            File.Delete(temporary);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
        }
    }

    /// <summary>
    /// Deletes the temporary files of killed writers. No other process may be writing the file at the same time.
    /// </summary>
    /// <param name="path">The path of the target file.</param>
    public static void RemoveAbandoned(string path)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        var pattern = $"{Path.GetFileName(path)}.*{Suffix}";
        foreach (var file in Directory.EnumerateFiles(folder, pattern)) File.Delete(file);
    }

    private static void CreateFolderOf(string path) =>
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);

    private static string TemporaryNameOf(string path) => $"{path}.{Guid.NewGuid():N}{Suffix}";

    private static FileStream Create(string path, FileOptions options, UnixFileMode? mode)
    {
        var settings = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Share = FileShare.None,
            BufferSize = BufferSize,
            Options = options,
        };
        if (!OperatingSystem.IsWindows()) settings.UnixCreateMode = mode;
        return new FileStream(path, settings);
    }
}
