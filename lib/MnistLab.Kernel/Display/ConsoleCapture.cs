using System.Text;
using Microsoft.DotNet.Interactive;

namespace MnistLab.Kernel;

/// <summary>Hands what a cell writes to the console to the cell's sink. What other code of the process writes goes where it went before.</summary>
internal static class ConsoleCapture
{
    private static readonly Lazy<bool> Installed = new(() =>
    {
        Console.SetOut(new CellWriter(StreamName.Stdout, Console.Out));
        Console.SetError(new CellWriter(StreamName.Stderr, Console.Error));
        return true;
    });

    /// <summary>Takes over the console, once in a process.</summary>
    public static void Install() => _ = Installed.Value;

    private sealed class CellWriter : TextWriter
    {
        private readonly StreamName _stream;
        private readonly TextWriter _otherwise;

        public CellWriter(StreamName stream, TextWriter otherwise)
            : base(otherwise.FormatProvider)
        {
            (_stream, _otherwise) = (stream, otherwise);
            // A notebook has the same bytes wherever it was run.
            CoreNewLine = ['\n'];
        }

        public override Encoding Encoding => Encoding.UTF8;

        public override void Write(char value) => Write(value.ToString());

        public override void Write(char[] buffer, int index, int count) => Write(new string(buffer, index, count));

        public override void Write(ReadOnlySpan<char> buffer) => Write(buffer.ToString());

        public override void Write(string? value)
        {
            if (string.IsNullOrEmpty(value)) return;
            if (KernelInvocationContext.Optional is { } cell) cell.Sink.Write(_stream, value);
            else _otherwise.Write(value);
        }

        public override void WriteLine(string? value) => Write(value + "\n");

        public override void Flush() => _otherwise.Flush();
    }
}
