using System.Text;

namespace MnistLab.Serving;

/// <summary>A text file to which several processes add lines, each in one piece. It does not grow for ever: beyond a megabyte it begins anew, and the one before is kept.</summary>
internal sealed class AppendLog(string path)
{
    private const long Largest = 1 << 20;
    private const int Attempts = 100;

    private string Before => path + ".1";

    public void Add(string line) => InTurn(() =>
    {
        // Nobody else has it open meanwhile, so nobody else writes at this place.
        using var file = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Delete, bufferSize: 0);
        file.Write(Encoding.UTF8.GetBytes(line + "\n"));
        if (file.Length > Largest) File.Move(path, Before, overwrite: true);
        return true;
    });

    /// <summary>The lines, the oldest first.</summary>
    public IReadOnlyList<string> Read() => [.. LinesOf(Before), .. LinesOf(path)];

    private static string[] LinesOf(string file) => InTurn<string[]>(() =>
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
    });

    // Whoever has the file open has it for the time of a line.
    private static T InTurn<T>(Func<T> action)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return action();
            }
            catch (IOException exception) when (attempt < Attempts && exception is not (DirectoryNotFoundException or PathTooLongException))
            {
                Thread.Sleep(1);
            }
        }
    }
}
