using System.Text;

namespace MnistLab.Kernel;

/// <summary>
/// Hands what a cell writes to the console to the cell's sink, and what it reads from the console to whom it can ask. For other code of the process the console is what it was
/// before, unless a front end that owns the process takes its output, too.
/// </summary>
internal static class ConsoleCapture
{
    private static readonly Lazy<(TextWriter Output, TextWriter Error, TextReader Input)> Installed = new(() =>
    {
        // .NET Interactive would take over the console with its first command, and give it back with its last. As long as it has a subscriber it does neither.
        var (output, error) = (Console.Out, Console.Error);
        _ = Microsoft.DotNet.Interactive.Utility.ConsoleOutput.Subscribe(_ => System.Reactive.Disposables.Disposable.Empty);
        Console.SetOut(new CellWriter(StreamName.Stdout, output));
        Console.SetError(new CellWriter(StreamName.Stderr, error));
        Console.SetIn(new CellReader(Console.In));
        return (Console.Out, Console.Error, Console.In);
    });

    /// <summary>
    /// Gets or sets where text goes that is written without a cell's context; null to let it go where it went before.
    /// </summary>
    public static IOutputSink? Strays { get; set; }

    /// <summary>Takes over the console, once in a process.</summary>
    public static void Install() => _ = Installed.Value;

    /// <summary>Takes the console back from a cell that redirected it: that holds until the cell's end.</summary>
    public static void Restore()
    {
        var (output, error, input) = Installed.Value;
        if (!ReferenceEquals(Console.Out, output)) Console.SetOut(output);
        if (!ReferenceEquals(Console.Error, error)) Console.SetError(error);
        if (!ReferenceEquals(Console.In, input)) Console.SetIn(input);
    }

    /// <summary>Returns the error of a cell that asks where nobody can answer.</summary>
    /// <param name="prompt">What it asks; may be empty.</param>
    public static InvalidOperationException NobodyAnswers(string? prompt) =>
        new($"The cell asks for input{(string.IsNullOrEmpty(prompt) ? "" : $" (\"{prompt}\")")}, and nobody can answer here: "
            + "open the notebook in Jupyter and run it there.");

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
