using System.Text;

namespace MnistLab.Training;

/// <summary>Writes everything to two writers.</summary>
internal sealed class TeeWriter(TextWriter first, TextWriter second) : TextWriter
{
    private readonly Lock _lock = new();

    public override Encoding Encoding => first.Encoding;

    public override void Write(char value) => Write([value]);

    public override void Write(string? value) => Write(value.AsSpan());

    public override void Write(char[] buffer, int index, int count) => Write(buffer.AsSpan(index, count));

    public override void Write(ReadOnlySpan<char> buffer)
    {
        lock (_lock)
        {
            first.Write(buffer);
            second.Write(buffer);
        }
    }

    public override void WriteLine(string? value) => Write(value + NewLine);

    public override void Flush()
    {
        lock (_lock)
        {
            first.Flush();
            second.Flush();
        }
    }
}
