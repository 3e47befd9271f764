using System.Text;

namespace MnistLab.Kernel;

/// <summary>
/// Records within a stream that others write to, too: what a cell prints, native libraries, child processes. A record travels in frames, each between a record
/// separator and a line feed, and small enough for the system to write it in one piece; what lies outside the frames is text.
/// </summary>
internal static class Frames
{
    public const char Separator = '\u001e';
    public const char More = '+';
    public const char Last = '.';

    // What POSIX guarantees to be written in one piece (PIPE_BUF): 512 bytes; Linux guarantees a page.
    private static readonly int MaxFrame = OperatingSystem.IsLinux() ? 4096 : 512;

    /// <summary>Writes a record, which is ASCII and has no line feed.</summary>
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
            frame[length] = (byte)'\n';
            stream.Write(frame[..(length + 1)]);
        }
        while (rest.Length > 0);
    }
}
