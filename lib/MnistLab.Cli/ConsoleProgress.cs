using System.Globalization;
using MnistLab.Kernel;

namespace MnistLab.Cli;

/// <summary>Shows how far a batch of notebooks is: a line that changes in a terminal, one finished line a notebook elsewhere.</summary>
internal sealed class ConsoleProgress : IProgress<BatchProgress>
{
    private readonly bool _isTerminal = !Console.IsOutputRedirected;
    private TimeSpan _elapsed;

    public void Report(BatchProgress value)
    {
        var cell = value.Cell;
        if (cell is { Number: 1, Stage: CellStage.Started }) _elapsed = TimeSpan.Zero;
        _elapsed += cell.Stage == CellStage.Started ? TimeSpan.Zero : cell.Elapsed;
        var isEnd = cell.Stage == CellStage.Failed || (cell.Stage == CellStage.Succeeded && cell.Number == cell.Count);
        if (!_isTerminal && !isEnd) return;

        var state = cell.Stage == CellStage.Failed ? $"failed in cell [{cell.Number}]" : isEnd ? "done" : "running";
        var line = string.Create(CultureInfo.InvariantCulture, $"{value.Number}/{value.Count} {Path.GetFileName(value.Notebook),-20} cell {cell.Number,2} of {cell.Count}, {_elapsed.TotalSeconds,5:F1} s  {state}");
        if (_isTerminal) Console.Write('\r' + line.PadRight(79));
        else Console.Write(line);
        if (isEnd) Console.WriteLine();
    }
}
