using System.Text;

namespace MnistLab.Serving;

/// <summary>
/// Represents a text file to which several processes append lines, each whole. Beyond one megabyte the file is set
/// aside
/// and a new one begun; one older file is kept.
/// </summary>
/// <remarks>
/// Appenders take turns through a lock file. Locking the log itself would not do: on Unix every
/// <see cref="FileShare"/> except
/// <see cref="FileShare.None"/> is a shared lock, <see cref="FileMode.Append"/> determines the end of the file only
/// once, when
/// it opens the file, and a file that is locked may have been set aside since it was opened.
/// </remarks>
internal sealed class AppendLog(string path)
{
    private const long MaxLength = 1 << 20;

    private string Older => path + ".1";

    /// <summary>Appends a line. If it cannot be written as a whole, nothing of it stays.</summary>
    /// <exception cref="IOException">The disk is full or read-only, the folder is missing, or the log was locked for
    /// ten seconds.</exception>
    public void Append(string line)
    {
        using var turn = FileLock.Acquire(path + ".lock");
        using (var file = File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete))
        {
            var end = RandomAccess.GetLength(file);
            try
            {
                RandomAccess.Write(file, Encoding.UTF8.GetBytes(line + "\n"), end);
            }
            catch
            {
                RandomAccess.SetLength(file, end);
                throw;
            }

            if (RandomAccess.GetLength(file) <= MaxLength) return;
        }

        File.Move(path, Older, overwrite: true);
    }

    /// <summary>Returns the lines, the oldest first. Needs no lock, so it works on a read-only disk.</summary>
    public IReadOnlyList<string> Read()
    {
        while (true)
        {
            var (age, lines) = (AgeOfOlder(), (string[])[.. LinesOf(Older), .. LinesOf(path)]);
            // The log was set aside between the two: what has just been moved is in neither.
            if (AgeOfOlder() == age) return lines;
        }
    }

    private DateTime AgeOfOlder() => File.GetLastWriteTimeUtc(Older);

    private static string[] LinesOf(string file)
    {
        try
        {
            using var reader = new StreamReader(new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
            return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return [];
        }
    }
}
