using System.Text;
using MnistLab.Kernel.Documents;

namespace MnistLab.Kernel.Cells;

/// <summary>
/// Redirects the console output of a cell to the output sink of the cell, and reads its console input from its input
/// source. Other code of the process uses the original console, unless a front end that owns the process captures its
/// output as well.
/// </summary>
internal static class ConsoleCapture
{
    private static readonly Lazy<(TextWriter Output, TextWriter Error, TextReader Input)> Installed = new(() =>
    {
        // .NET Interactive redirects the console with its first command, and restores it with its last, unless it has a
        // subscriber.
        var (output, error) = (Console.Out, Console.Error);
        _ = Microsoft.DotNet.Interactive.Utility.ConsoleOutput.Subscribe(_ => System.Reactive.Disposables.Disposable.Empty);
        Console.SetOut(new CellWriter(StreamName.Stdout, output));
        Console.SetError(new CellWriter(StreamName.Stderr, error));
        Console.SetIn(new CellReader(Console.In));
        return (Console.Out, Console.Error, Console.In);
    });

    /// <summary>
    /// Gets or sets the sink for text that is written outside the context of a cell; null to write it to the original
    /// console.
    /// </summary>
    public static IOutputSink? Strays { get; set; }

    /// <summary>Redirects the console of the process. Further calls have no effect.</summary>
    public static void Install() => _ = Installed.Value;

    /// <summary>Undoes redirections of the console by a cell, which last until the end of that cell.</summary>
    public static void Restore()
    {
        var (output, error, input) = Installed.Value;
        if (!ReferenceEquals(Console.Out, output)) Console.SetOut(output);
        if (!ReferenceEquals(Console.Error, error)) Console.SetError(error);
        if (!ReferenceEquals(Console.In, input)) Console.SetIn(input);
    }

    /// <summary>Returns the error of a cell that asks for input where none is available.</summary>
    /// <param name="prompt">The prompt; may be empty.</param>
    public static InvalidOperationException NobodyAnswers(string? prompt) =>
        new($"The cell requests input{(string.IsNullOrEmpty(prompt) ? "" : $" (\"{prompt}\")")}, which is not available here: "
            + "open the notebook in Jupyter and run it there.");

    private sealed class CellWriter : TextWriter
    {
        private readonly StreamName _stream;
        private readonly TextWriter _otherwise;

        public CellWriter(StreamName stream, TextWriter otherwise)
            : base(otherwise.FormatProvider)
        {
            (_stream, _otherwise) = (stream, otherwise);
            // Uses line feeds, so that the outputs are identical on every platform.
            CoreNewLine = ['\n'];
        }

        public override Encoding Encoding => Encoding.UTF8;

        public override void Write(char value) => Write(value.ToString());

        public override void Write(char[] buffer, int index, int count) => Write(new string(buffer, index, count));

        public override void Write(ReadOnlySpan<char> buffer) => Write(buffer.ToString());

        public override void Write(string? value)
        {
            if (string.IsNullOrEmpty(value)) return;
            if ((CellScope.Current?.TextSink ?? Strays) is { } sink) sink.Write(_stream, value);
            else _otherwise.Write(value);
        }

        public override void WriteLine(string? value) => Write(value + "\n");

        public override void Flush() => _otherwise.Flush();
    }

    private sealed class CellReader(TextReader otherwise) : TextReader
    {
        private string _line = "";
        private int _read;

        public override string? ReadLine()
        {
            if (CellScope.Current is not { } cell) return otherwise.ReadLine();
            if (_read < _line.Length) return Rest().TrimEnd('\n');
            var input = cell.Input ?? throw NobodyAnswers("");
            return input.ReadLineAsync("", false, cell.CancellationToken).GetAwaiter().GetResult();
        }

        public override Task<string?> ReadLineAsync() => Task.FromResult(ReadLine());

        public override ValueTask<string?> ReadLineAsync(CancellationToken cancellationToken) => new(ReadLine());

        public override int Read()
        {
            if (CellScope.Current is null) return otherwise.Read();
            var next = Peek();
            _read++;
            return next;
        }

        public override int Peek()
        {
            if (CellScope.Current is null) return otherwise.Peek();
            if (_read == _line.Length) (_line, _read) = (ReadLine() + "\n", 0);
            return _line[_read];
        }

        private string Rest()
        {
            var rest = _line[_read..];
            (_line, _read) = ("", 0);
            return rest;
        }
    }
}
