using System.Globalization;
using MnistLab.Kernel.Reports;

namespace MnistLab.Kernel.Running;

/// <summary>
/// Writes the progress of a batch of notebooks: a line for each finished cell and, in a terminal, a status line with
/// the running cell, its elapsed time, and the last line of its output.
/// </summary>
public sealed class BatchProgressWriter : IProgress<BatchProgress>, IDisposable
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(200);

    private readonly Lock _lock = new();
    private readonly TextWriter _output;
    private readonly int? _width;
    private readonly bool _showsText;
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private readonly LastLine _line = new();
    private BatchProgress? _running;
    private TimeSpan _elapsed;
    private int _failures;

    /// <summary>Initializes a writer.</summary>
    /// <param name="output">The terminal, file, or pipe to write to.</param>
    /// <param name="width">
    /// The width of the terminal, in characters; null if the output is not a terminal, and there is no status line.
    /// </param>
    /// <param name="showsText">Whether to also write the console output of the cells, line by line.</param>
    /// <param name="time">Measures the elapsed time of the running cell.</param>
    public BatchProgressWriter(TextWriter output, int? width, bool showsText, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(time);
        (_output, _width, _showsText, _time) = (output, width, showsText, time);
        _timer = time.CreateTimer(_ => Redraw(), null, width is null ? Timeout.InfiniteTimeSpan : Tick, Tick);
    }

    /// <inheritdoc/>
    public void Report(BatchProgress value)
    {
        ArgumentNullException.ThrowIfNull(value);
        lock (_lock)
        {
            switch (value.Cell.Stage)
            {
                case CellStage.Started:
                    if (value.Cell.Number == 1) BeginNotebook(value);
                    _line.Clear();
                    _running = value;
                    DrawRunning();
                    break;
                case CellStage.Wrote:
                    foreach (var line in _line.Add(value.Cell.Text ?? "").Where(_ => _showsText)) WriteLine($"        {line}");
                    break;
                default:
                    if (_showsText && _line.Rest is { Length: > 0 } rest) WriteLine($"        {rest}");
                    EndCell(value);
                    break;
            }
        }
    }

    /// <summary>Removes the status line.</summary>
    public void Dispose()
    {
        _timer.Dispose();
        lock (_lock)
        {
            _running = null;
            Draw("");
        }
    }

    private void BeginNotebook(BatchProgress value)
    {
        (_elapsed, _failures) = (TimeSpan.Zero, 0);
        WriteLine(string.Create(CultureInfo.InvariantCulture, $"[{value.Number}/{value.Count}] {Path.GetFileName(value.Notebook)}"));
    }

    private void EndCell(BatchProgress value)
    {
        var cell = value.Cell;
        _running = null;
        _elapsed += cell.Elapsed;
        if (cell.Stage == CellStage.Failed) _failures++;
        WriteLine(Describe(cell, cell.Elapsed, cell.Stage == CellStage.Failed ? "FAILED  " : ""));
        if (cell.Number == cell.Count)
            WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"      {(_failures == 0 ? "done" : $"done, {_failures} failed")} in {Elapsed.Format(_elapsed)}"));
    }

    private static string Describe(CellProgress cell, TimeSpan elapsed, string mark) =>
        string.Create(CultureInfo.InvariantCulture, $"  {cell.Number,3}/{cell.Count,-3} {Elapsed.Format(elapsed),9}  {mark}{cell.Title}");

    private void Redraw()
    {
        lock (_lock) DrawRunning();
    }

    private void DrawRunning()
    {
        if (_width is null || _running is not { Cell: var cell }) return;
        var text = _line.Last.Trim();
        Draw(Cut(Describe(cell, _time.GetUtcNow() - cell.At, "> ") + (text.Length > 0 ? $"  {text}" : "")));
    }

    private void WriteLine(string line)
    {
        Draw("");
        _output.WriteLine(Cut(line));
    }

    private void Draw(string line)
    {
        if (_width is { } width) _output.Write($"\r{line.PadRight(width - 1)}\r{line}");
    }

    private string Cut(string line)
    {
        var longest = (_width ?? int.MaxValue) - 1;
        return line.Length <= longest ? line : line[..(longest - 1)] + "…";
    }

    /// <summary>Splits text that arrives in arbitrary pieces into lines.</summary>
    private sealed class LastLine
    {
        /// <summary>Gets the text after the last line feed.</summary>
        public string Rest { get; private set; } = "";

        /// <summary>Gets the last line that is not blank.</summary>
        public string Last { get; private set; } = "";

        public void Clear() => (Rest, Last) = ("", "");

        /// <summary>Adds a piece of text and returns the lines that it completes.</summary>
        public IReadOnlyList<string> Add(string text)
        {
            var lines = AnsiText.Strip(Rest + text).Split('\n');
            Rest = lines[^1];
            Last = lines.LastOrDefault(line => !string.IsNullOrWhiteSpace(line)) ?? Last;
            return lines[..^1];
        }
    }
}
