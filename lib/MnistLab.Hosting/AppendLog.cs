using System.Text;
using Microsoft.Win32.SafeHandles;

namespace MnistLab.Hosting;

/// <summary>
/// Represents a text file to which several processes append lines while others read it. Lines are never lost or
/// interleaved.
/// </summary>
/// <remarks>
/// Appends are serialized by a separate lock file. Locking the log itself would not be sufficient: on Unix, every
/// <see cref="FileShare"/> except <see cref="FileShare.None"/> is a shared lock; <see cref="FileMode.Append"/>
/// determines the end of the file only when it opens the file; and a locked file may have been rotated since it was
/// opened.
/// </remarks>
/// <param name="path">The path of the file, which is created by the first append; its folder must exist.</param>
/// <param name="maxLength">The length in bytes beyond which the file is rotated to <c>PATH.1</c>; one older file is
/// kept. Null for no limit.</param>
public sealed class AppendLog(string path, long? maxLength = null)
{
    private static readonly TimeSpan LockTimeout = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private readonly StringBuilder _pending = new();

    /// <summary>Gets the path of the file.</summary>
    public string Path => path;

    private string Older => path + ".1";

    /// <summary>Appends a line, either completely or not at all.</summary>
    /// <param name="line">The line, without a line feed.</param>
    /// <exception cref="IOException">The disk is full or read-only, the folder is missing, or another process held the
    /// lock for ten seconds.</exception>
    /// <exception cref="UnauthorizedAccessException">The user has no permission to write the file.</exception>
    public void Append(string line) => Write(line + "\n");

    /// <summary>
    /// Appends a line. A line that cannot be written, for example because the disk is full, is kept in memory and
    /// written with the next one, so that logging never interrupts the operation being logged.
    /// </summary>
    /// <param name="line">The line, without a line feed.</param>
    /// <returns>Whether all lines so far have been written to the file.</returns>
    public bool TryAppend(string line)
    {
        lock (_lock)
        {
            _pending.Append(line).Append('\n');
            try
            {
                Write(_pending.ToString());
                _pending.Clear();
                return true;
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                return false;
            }
        }
    }

    /// <summary>
    /// Reads the lines, oldest first; returns an empty list if the file does not exist. Needs no lock, so it works on a
    /// read-only disk.
    /// </summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The user has no permission to read the file.</exception>
    public IReadOnlyList<string> Read()
    {
        while (true)
        {
            var (age, lines) = (AgeOfOlder(), (string[])[.. LinesOf(Older), .. LinesOf(path)]);
            // The log was rotated between the two reads, so the rotated lines are missing from both; read again.
            if (AgeOfOlder() == age) return lines;
        }
    }

    /// <summary>Returns an in-memory copy of the lines in UTF-8, which later appends do not change.</summary>
    /// <inheritdoc cref="Read" path="/exception"/>
    public Stream OpenCopy() =>
        new MemoryStream(Encoding.UTF8.GetBytes(string.Concat(Read().Select(line => line + "\n"))));

    private void Write(string lines)
    {
        using var turn = FileLock.Acquire(path + ".lock", LockTimeout);
        using (var file = File.OpenHandle(
            path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete))
        {
            // Removes an incomplete last line, whose writer was killed.
            var end = EndOfLastLine(file);
            if (end < RandomAccess.GetLength(file)) RandomAccess.SetLength(file, end);
            try
            {
                RandomAccess.Write(file, Encoding.UTF8.GetBytes(lines), end);
            }
            catch
            {
                RandomAccess.SetLength(file, end);
                throw;
            }

            if (maxLength is null || RandomAccess.GetLength(file) <= maxLength) return;
        }

        File.Move(path, Older, overwrite: true);
    }

    private static long EndOfLastLine(SafeFileHandle file)
    {
        Span<byte> last = stackalloc byte[1];
        for (var end = RandomAccess.GetLength(file); end > 0; end--)
        {
            if (RandomAccess.Read(file, last, end - 1) == 1 && last[0] == '\n') return end;
        }

        return 0;
    }

    private DateTime AgeOfOlder() => File.GetLastWriteTimeUtc(Older);

    private static string[] LinesOf(string file)
    {
        try
        {
            const FileShare Share = FileShare.ReadWrite | FileShare.Delete;
            using var reader = new StreamReader(new FileStream(file, FileMode.Open, FileAccess.Read, Share));
            // The last part is empty or an incomplete line, which is being written or whose writer was killed.
            return reader.ReadToEnd().Split('\n')[..^1];
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return [];
        }
    }
}
