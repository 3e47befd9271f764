using System.Text;

namespace MnistLab.Kernel.Running;

/// <summary>Splits a stream into the records of <see cref="Frames"/> and the text around them.</summary>
/// <param name="text">Receives text in pieces of any size.</param>
/// <param name="record">
/// Receives a record. Returns false if the record is not valid, in which case it is treated as text.
/// </param>
internal sealed class FrameReader(Action<string> text, Func<string, bool> record)
{
    private const int BufferBytes = 1 << 16;
    private const int MaxFrame = 1 << 13;

    private readonly Decoder _decoder = Encoding.UTF8.GetDecoder();
    private readonly char[] _letters = new char[Encoding.UTF8.GetMaxCharCount(BufferBytes)];
    private readonly StringBuilder _record = new();
    private StringBuilder? _frame;

    /// <summary>Reads a stream to its end.</summary>
    public async Task ReadAsync(Stream stream)
    {
        var bytes = new byte[BufferBytes];
        int count;
        do Receive(bytes.AsSpan(0, count = await stream.ReadAsync(bytes)));
        while (count > 0);
    }

    /// <summary>Reads a stream to its end on the calling thread.</summary>
    public void Read(Stream stream)
    {
        var bytes = new byte[BufferBytes];
        int count;
        do Receive(bytes.AsSpan(0, count = stream.Read(bytes)));
        while (count > 0);
    }

    // An empty span marks the end of the stream.
    private void Receive(ReadOnlySpan<byte> bytes)
    {
        Receive(_letters.AsSpan(0, _decoder.GetChars(bytes, _letters, flush: bytes.Length == 0)));
        if (bytes.Length == 0) EndWithoutFrame();
    }

    private void Receive(ReadOnlySpan<char> letters)
    {
        while (letters.Length > 0)
        {
            // A separator within a frame means that the text before it was not a frame.
            var end = _frame is null ? letters.IndexOf(Frames.Separator) : letters.IndexOfAny(Frames.End, Frames.Separator);
            var part = end < 0 ? letters : letters[..end];
            if (_frame is null) Text(part);
            else _frame.Append(part);
            if (_frame?.Length > MaxFrame) EndWithoutFrame();
            if (end < 0) return;

            if (letters[end] == Frames.End) EndFrame();
            else EndWithoutFrame();
            if (letters[end] == Frames.Separator) _frame = new();
            letters = letters[(end + 1)..];
        }
    }

    private void EndFrame()
    {
        if (_frame is null) return;
        var frame = _frame.ToString();
        if (frame is not [Frames.More or Frames.Last, ..])
        {
            _frame.Append(Frames.End);
            EndWithoutFrame();
            return;
        }

        _frame = null;
        _record.Append(frame, 1, frame.Length - 1);
        if (frame[0] == Frames.More) return;
        var whole = _record.ToString();
        _record.Clear();
        if (!record(whole)) text($"{Frames.Separator}{Frames.Last}{whole}{Frames.End}");
    }

    private void EndWithoutFrame()
    {
        if (_frame is null) return;
        text($"{Frames.Separator}{_frame}");
        _frame = null;
    }

    private void Text(ReadOnlySpan<char> part)
    {
        if (part.Length > 0) text(part.ToString());
    }
}
