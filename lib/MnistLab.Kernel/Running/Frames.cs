using System.Text;

namespace MnistLab.Kernel;

/// <summary>
/// Records within a stream that others write to, too: what a cell prints, native libraries, child processes. A record
/// travels in frames, each between two control characters, and small enough for the system to write it in one piece;
/// what lies outside the frames is text.
/// </summary>
internal static class Frames
{
    // Characters that a terminal does not show.
    public const char Separator = '\u001e';
    public const char More = '\u001d';
    public const char Last = '\u001f';
    public const char End = '\u0004';

    // What POSIX guarantees to be written in one piece (PIPE_BUF): 512 bytes; Linux guarantees a page.
    private static readonly int MaxFrame = OperatingSystem.IsLinux() ? 4096 : 512;

    /// <summary>Writes a record, which is ASCII without control characters.</summary>
    public static void Write(Stream stream, string record)
    {
        Span<byte> frame = stackalloc byte[MaxFrame];
        frame[0] = (byte)Separator;
        var rest = record.AsSpan();
        do
        {
            var part = rest[..Math.Min(rest.Length, MaxFrame - 3)];
            rest = rest[part.Length..];
            frame[1] = (byte)(rest.Length > 0 ? More : Last);
            var length = 2 + Encoding.ASCII.GetBytes(part, frame[2..]);
            frame[length] = (byte)End;
            stream.Write(frame[..(length + 1)]);
        }
        while (rest.Length > 0);
    }
}
