using System.Text;

namespace MnistLab.Kernel.Running;

/// <summary>
/// Writes records to a stream that cells, native libraries, and child processes write to as well. A record is split
/// into frames, each of which is delimited by control characters and is small enough for the system to write it
/// atomically. Everything outside the frames is text.
/// </summary>
internal static class Frames
{
    // Control characters, which a terminal does not show.
    public const char Separator = '\u001e';
    public const char More = '\u001d';
    public const char Last = '\u001f';
    public const char End = '\u0004';

    // The maximum size of an atomic write (PIPE_BUF), in bytes: POSIX guarantees 512, and Linux a page.
    private static readonly int MaxFrame = OperatingSystem.IsLinux() ? 4096 : 512;

    /// <summary>Writes a record, which must be ASCII without control characters.</summary>
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
