using System.Globalization;

namespace MnistLab.Kernel;

/// <summary>Runs notebooks one after the other, each in a process of its own, until one fails.</summary>
/// <remarks>The processes get this process' environment, and its end ends them; what they deployed as detached processes lives on.</remarks>
public sealed class NotebookBatch
{
    private readonly IReadOnlyList<NotebookDocument> _notebooks;
    private readonly string _outputFolder;
    private readonly TimeProvider _time;

    private NotebookBatch(IReadOnlyList<NotebookDocument> notebooks, string outputFolder, TimeProvider time) =>
        (_notebooks, _outputFolder, _time) = (notebooks, outputFolder, time);

    /// <summary>The full paths of the notebooks, in the order in which they run: that of their file names, by code point.</summary>
    public IReadOnlyList<string> Notebooks => [.. _notebooks.Select(notebook => notebook.Path)];

    /// <summary>Finds and reads the notebooks, so that a mistake in the last one shows before the first one has run.</summary>
    /// <param name="paths">Notebooks, and folders of notebooks (their subfolders are left out).</param>
    /// <param name="outputFolder">Gets the executed notebooks, under the same names; made if it is missing.</param>
    /// <param name="time">Times the notebooks.</param>
    /// <exception cref="NotebookSelectionException">
    /// A path does not exist; a folder holds no notebook; two notebooks have the same name; the output folder is a notebook's own.
    /// </exception>
    /// <exception cref="NotebookFormatException">A file is not a notebook.</exception>
    public static NotebookBatch Open(IEnumerable<string> paths, string outputFolder, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(paths);
        ArgumentException.ThrowIfNullOrEmpty(outputFolder);
        ArgumentNullException.ThrowIfNull(time);
        outputFolder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(outputFolder));
        var files = NotebookSelection.Find(paths);
        if (files.FirstOrDefault(file => Path.GetDirectoryName(file) == outputFolder) is { } endangered)
            throw new NotebookSelectionException(endangered, "would be overwritten by the executed notebook; choose another output folder.");
        return new([.. files.Select(NotebookDocument.Read)], outputFolder, time);
    }

    /// <summary>Runs the notebooks.</summary>
    /// <param name="progress">Told when a cell starts and ends; from any thread, one call at a time.</param>
    /// <param name="cancellationToken">Kills the running notebook's process.</param>
    /// <returns>The notebooks that were run, in order; the last one may have failed.</returns>
    /// <exception cref="OperationCanceledException">The batch was cancelled.</exception>
    public async Task<IReadOnlyList<NotebookResult>> RunAsync(IProgress<BatchProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        Directory.CreateDirectory(_outputFolder);
        var results = new List<NotebookResult>();
        foreach (var notebook in _notebooks)
        {
            var number = results.Count + 1;
            results.Add(await RunAsync(notebook, cell => progress?.Report(new(notebook.Path, number, _notebooks.Count, cell)), cancellationToken));
            if (!results[^1].Succeeded) break;
        }

        return results;
    }

    private async Task<NotebookResult> RunAsync(NotebookDocument notebook, Action<CellProgress> progress, CancellationToken cancellationToken)
    {
        var executed = Path.Combine(_outputFolder, Path.GetFileName(notebook.Path));
        // A result of an earlier run must not pass for one of this.
        File.Delete(executed);
        CellProgress? last = null;
        var process = new NotebookProcess(notebook.Path, executed);
        var started = _time.GetTimestamp();
        var exitCode = await process.RunAsync(
            cell =>
            {
                last = cell;
                progress(cell);
            },
            cancellationToken);
        var failure = exitCode switch
        {
            ExecuteCommand.Succeeded when File.Exists(executed) => null,
            ExecuteCommand.CellFailed when File.Exists(executed) => CellFailure(NotebookDocument.Read(executed)),
            _ => ProcessFailure(notebook, executed, last, exitCode, process.LastLines),
        };
        return new(notebook.Path, executed, _time.GetElapsedTime(started), failure);
    }

    private static NotebookFailure CellFailure(NotebookDocument executed)
    {
        var failed = executed.CellsToRun().Last(cell => cell.ExecutionCount is not null);
        var error = failed.Outputs.OfType<ErrorOutput>().Last();
        return new(failed.ExecutionCount, failed.Source, $"{error.Name}: {error.Message}", error.Traceback, ExecuteCommand.CellFailed);
    }

    // The process is gone and its outputs with it; where it ended is still to be seen in the executed notebook.
    private static NotebookFailure ProcessFailure(NotebookDocument notebook, string executed, CellProgress? last, int exitCode, IReadOnlyList<string> lastLines)
    {
        var cell = last is null ? null : notebook.CellsToRun().ElementAt(last.Number - 1);
        var where = last is null ? "before its first cell ran" : string.Create(CultureInfo.InvariantCulture, $"in cell {last.Number}");
        var message = string.Create(CultureInfo.InvariantCulture, $"The notebook's process ended {where}, with exit code {exitCode}.");
        foreach (var code in notebook.Cells.Where(code => code.Kind == CellKind.Code)) code.SetResult(null, []);
        cell?.SetResult(last!.Number, [new ErrorOutput("ProcessEnded", message, [message, .. lastLines])]);
        notebook.Save(executed);
        return new(last?.Number, cell?.Source, message, lastLines, exitCode);
    }
}
