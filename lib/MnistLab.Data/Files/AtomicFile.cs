namespace MnistLab.Data;

/// <summary>
/// Writes files whole or not at all: under a temporary name in the same folder, then moved over what is there.
/// </summary>
internal static class AtomicFile
{
    private const int BufferSize = 1 << 16;
    private const string Suffix = ".new";

    /// <summary>
    /// Creates the folder if it is missing, and writes the file; it gets its name when <paramref name="write"/> has
    /// succeeded.
    /// </summary>
    public static async Task WriteAsync(string path, Func<FileStream, Task> write)
    {
        var temporary = Prepare(path);
        try
        {
            await using (var file = Create(temporary, FileOptions.Asynchronous)) await write(file);
            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            Discard(temporary);
            throw;
        }
    }

    /// <inheritdoc cref="WriteAsync"/>
    public static void Write(string path, Action<Stream> write)
    {
        var temporary = Prepare(path);
        try
        {
            using (var file = Create(temporary, FileOptions.None)) write(file);
            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            Discard(temporary);
            throw;
        }
    }

    /// <summary>
    /// Removes what a failed write left. That failure is the one to report, not that its remains cannot be removed
    /// either.
    /// </summary>
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

    /// <summary>Removes what writers of a file left that were killed; nobody else may be writing it.</summary>
    public static void RemoveAbandoned(string path)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        foreach (var file in Directory.EnumerateFiles(folder, $"{Path.GetFileName(path)}.*{Suffix}")) File.Delete(file);
    }

    private static string Prepare(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        return $"{path}.{Guid.NewGuid():N}{Suffix}";
    }

    private static FileStream Create(string path, FileOptions options) =>
        new(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, BufferSize, options);
}
