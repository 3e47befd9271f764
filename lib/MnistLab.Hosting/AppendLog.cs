using System.Text;
using Microsoft.Win32.SafeHandles;

namespace MnistLab.Hosting;

/// <summary>
/// Represents a text file to which several processes append lines while others read it; no line is lost or torn.
/// </summary>
/// <remarks>
/// Appenders take turns through a lock file. Locking the log itself would not do: on Unix every
/// <see cref="FileShare"/> except <see cref="FileShare.None"/> is a shared lock, <see cref="FileMode.Append"/>
/// determines the end of the file only once, when it opens the file, and a file that is locked may have been set aside
/// since it was opened.
/// </remarks>
/// <param name="path">The file, which the first line creates; its folder must exist.</param>
/// <param name="maxLength">
/// The length in bytes beyond which the file is set aside, as <c>PATH.1</c>, and a new one begun; one older file is
/// kept. Null for no limit.
/// </param>
public sealed class AppendLog(string path, long? maxLength = null)
{
    private static readonly TimeSpan LockTimeout = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private readonly StringBuilder _pending = new();

    /// <summary>Gets the path of the file.</summary>
    public string Path => path;

    private string Older => path + ".1";

    /// <summary>Appends a line. If it cannot be written as a whole, nothing of it stays.</summary>
    /// <param name="line">The line, without a line feed.</param>
    /// <exception cref="IOException">
    /// The disk is full or read-only, the folder is missing, or another process held the lock for ten seconds.
    /// </exception>
    /// <exception cref="UnauthorizedAccessException">This user may not write the file.</exception>
    public void Append(string line) => Write(line + "\n");

    /// <summary>
    /// Appends a line. A line that cannot be written, for example because the disk is full, is kept in memory and
    /// written with the next one, so that reporting an event never ends the work that it reports.
    /// </summary>
    /// <param name="line">The line, without a line feed.</param>
    /// <returns>Whether every line so far is in the file.</returns>
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
    /// Reads the lines, the oldest first; returns none if there is no file. Needs no lock, so it works on a read-only
    /// disk.
    /// </summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not read the file.</exception>
    public IReadOnlyList<string> Read()
    {
        while (true)
        {
            var (age, lines) = (AgeOfOlder(), (string[])[.. LinesOf(Older), .. LinesOf(path)]);
            // The log was set aside between the two: what has just been moved is in neither.
            if (AgeOfOlder() == age) return lines;
        }
    }

    /// <summary>Opens a copy of the lines in memory, encoded in UTF-8; appending to the log does not change it.</summary>
    /// <inheritdoc cref="Read" path="/exception"/>
    public Stream OpenCopy() =>
        new MemoryStream(Encoding.UTF8.GetBytes(string.Concat(Read().Select(line => line + "\n"))));

    private void Write(string lines)
    {
        using var turn = FileLock.Acquire(path + ".lock", LockTimeout);
        using (var file = File.OpenHandle(
            path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete))
        {
            // What follows the last line feed belongs to a line whose writer was killed.
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
            // The last part is empty, or a line that is being written or whose writer was killed.
            return reader.ReadToEnd().Split('\n')[..^1];
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return [];
        }
    }
}
