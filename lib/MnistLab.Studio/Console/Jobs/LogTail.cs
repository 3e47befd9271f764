using System.Text;
using MnistLab.Training.Jobs;

namespace MnistLab.Studio.Console.Jobs;

/// <summary>Represents the end of a growing log. Each read fetches only the new bytes.</summary>
/// <param name="path">The file, which need not exist yet.</param>
/// <param name="maxLines">The maximum number of lines to keep.</param>
internal sealed class LogTail(string path, int maxLines = 500)
{
    // An endless line must not exhaust the memory.
    private const int MaxLineBytes = 1 << 16;

    private readonly Queue<LogLine> _lines = new();
    private readonly MemoryStream _unfinished = new();
    private long _position;
    private int _count;

    /// <summary>Gets the last lines; the last one may be incomplete.</summary>
    public IReadOnlyList<LogLine> Lines =>
        _unfinished.Length == 0 ? [.. _lines] : [.. _lines, new LogLine(_count + 1, Decode(_unfinished))];

    /// <summary>Gets the number of lines before the kept ones.</summary>
    public int Skipped => _count - _lines.Count;

    /// <summary>Reads the new bytes.</summary>
    /// <returns>Whether there were any.</returns>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public bool Read()
    {
        if (!File.Exists(path)) return false;
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        // If the file was replaced by a shorter one, start from its beginning.
        if (file.Length < _position) Reset();
        if (file.Length == _position) return false;
        file.Position = _position;
        var buffer = new byte[1 << 16];
        int read;
        while ((read = file.Read(buffer)) > 0)
        {
            _position += read;
            Add(buffer.AsSpan(0, read));
        }

        return true;
    }

    private void Add(ReadOnlySpan<byte> bytes)
    {
        while (bytes.IndexOf((byte)'\n') is var end and >= 0)
        {
            Keep(bytes[..end]);
            _lines.Enqueue(new LogLine(++_count, Decode(_unfinished)));
            if (_lines.Count > maxLines) _lines.Dequeue();
            _unfinished.SetLength(0);
            bytes = bytes[(end + 1)..];
        }

        Keep(bytes);
    }

    private void Keep(ReadOnlySpan<byte> bytes) =>
        _unfinished.Write(bytes[..(int)Math.Min(bytes.Length, MaxLineBytes - _unfinished.Length)]);

    private void Reset()
    {
        _lines.Clear();
        _unfinished.SetLength(0);
        (_position, _count) = (0, 0);
    }

    private static string Decode(MemoryStream line) =>
        Encoding.UTF8.GetString(line.GetBuffer(), 0, (int)line.Length).TrimEnd('\r');
}
