using System.Text;

namespace MnistLab.Training;

/// <summary>
/// Represents a text file that several processes append lines to and read at the same time; no line is lost or torn.
/// </summary>
/// <param name="path">The path of the file, which is created by the first line.</param>
internal sealed class AppendLog(string path)
{
    private const int Attempts = 2_000;

    private readonly Lock _lock = new();
    private readonly StringBuilder _pending = new();

    /// <summary>
    /// Appends a line. A line that cannot be written, because the disk is full for example, is kept and written with
    /// the next one:
    /// reporting an event must not end the work that it reports.
    /// </summary>
    /// <returns>Whether every line so far is in the file.</returns>
    public bool Append(string line)
    {
        lock (_lock)
        {
            _pending.Append(line).Append('\n');
            try
            {
                Write(Encoding.UTF8.GetBytes(_pending.ToString()));
                _pending.Clear();
                return true;
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                return false;
            }
        }
    }

    /// <summary>Gets the path of the file.</summary>
    public string Path => path;

    /// <summary>Opens a copy of the lines, which does not keep others from appending.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public Stream OpenCopy() => new MemoryStream(Encoding.UTF8.GetBytes(ReadText()));

    /// <summary>Reads the lines, the oldest first; returns none if there is no file.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public IReadOnlyList<string> Read() => ReadText().Split('\n')[..^1];

    private string ReadText()
    {
        if (!File.Exists(path)) return "";
        using var file = Open(FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
        using var reader = new StreamReader(file);
        var text = reader.ReadToEnd();
        // What follows the last line feed belongs to a line whose writer was killed.
        return text[..(text.LastIndexOf('\n') + 1)];
    }

    private void Write(byte[] lines)
    {
        // On Unix any other value than None is a shared lock: two appending processes would both write at the end that
        // they found.
        using var file = Open(FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        var end = file.Length;
        try
        {
            file.Position = EndOfLastLine(file, end);
            file.Write(lines);
            file.SetLength(file.Position);
        }
        catch (IOException)
        {
            // Part of a line may have been written before the disk was full.
            file.SetLength(end);
            throw;
        }
    }

    private static long EndOfLastLine(FileStream file, long end)
    {
        while (end > 0)
        {
            file.Position = end - 1;
            if (file.ReadByte() == '\n') return end;
            end--;
        }

        return 0;
    }

    private FileStream Open(FileMode mode, FileAccess access, FileShare share)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return new FileStream(path, mode, access, share, bufferSize: 0);
            }
            catch (IOException error) when (attempt < Attempts && IsSharingViolation(error))
            {
                Thread.Sleep(1);
            }
        }
    }

    // EWOULDBLOCK of Linux and of macOS; ERROR_SHARING_VIOLATION and ERROR_LOCK_VIOLATION of Windows.
    private static bool IsSharingViolation(IOException error) => OperatingSystem.IsWindows()
        ? (error.HResult & 0xffff) is 32 or 33
        : error.HResult is 11 or 35;
}
