using System.Globalization;
using MnistLab.Kernel.Documents;

namespace MnistLab.Kernel.Running;

/// <summary>Runs notebooks sequentially, each in a separate process, until one fails.</summary>
/// <remarks>
/// The processes inherit the environment of this process, and end with it. Detached processes that they deployed keep
/// running.
/// </remarks>
public sealed class NotebookBatch : IDisposable
{
    private readonly IReadOnlyList<NotebookDocument> _notebooks;
    private readonly string _outputFolder;
    private readonly NotebookRunOptions _options;
    private readonly TimeProvider _time;
    private NotebookProcess? _prepared;

    private NotebookBatch(
        IReadOnlyList<NotebookDocument> notebooks, string outputFolder, NotebookRunOptions options, TimeProvider time) =>
        (_notebooks, _outputFolder, _options, _time) = (notebooks, outputFolder, options, time);

    /// <summary>
    /// Gets the full paths of the notebooks in the order in which they run, which is the ordinal order of their file
    /// names.
    /// </summary>
    public IReadOnlyList<string> Notebooks => [.. _notebooks.Select(notebook => notebook.Path)];

    /// <summary>
    /// Finds and reads the notebooks and sets their parameters, so that an error in any notebook is reported before the
    /// first one runs.
    /// </summary>
    /// <param name="paths">The notebooks, and folders of notebooks without their subfolders.</param>
    /// <param name="outputFolder">
    /// The folder for the executed notebooks, which keep their names. It is created if it is missing.
    /// </param>
    /// <param name="time">Measures the duration of the notebooks.</param>
    /// <param name="options">
    /// The options of the run; by default, no parameters are set, there are no timeouts, and the run ends at the first
    /// error.
    /// </param>
    /// <exception cref="NotebookSelectionException">
    /// A path does not exist, a folder contains no notebook, two notebooks have the same name, or the output folder
    /// contains one of the notebooks.
    /// </exception>
    /// <exception cref="NotebookFormatException">
    /// A file is not a valid notebook, the kernel does not support the language of a cell, or an exercise does not have
    /// exactly one solution.
    /// </exception>
    /// <exception cref="NotebookParameterException">
    /// No notebook has a parameter with a given name, or a value does not fit the type of its parameter.
    /// </exception>
    public static NotebookBatch Open(
        IEnumerable<string> paths, string outputFolder, TimeProvider time, NotebookRunOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(paths);
        ArgumentException.ThrowIfNullOrEmpty(outputFolder);
        ArgumentNullException.ThrowIfNull(time);
        outputFolder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(outputFolder));
        var files = NotebookSelection.Find(paths);
        if (files.FirstOrDefault(file => Path.GetDirectoryName(file) == outputFolder) is { } endangered)
            throw new NotebookSelectionException(
                endangered, "would be overwritten by the executed notebook; choose another output folder.");
        var notebooks = Read(files);
        options ??= new();
        if (!options.AsLearner)
        {
            foreach (var notebook in notebooks) ExerciseSolutions.FillIn(notebook);
        }

        NotebookParameters.Inject(notebooks, options.Parameters);
        return new(notebooks, outputFolder, options, time);
    }

    /// <summary>Reads notebooks and validates that they can be run.</summary>
    /// <exception cref="NotebookFormatException">
    /// A file is not a valid notebook, or the kernel does not support the language of a cell.
    /// </exception>
    internal static IReadOnlyList<NotebookDocument> Read(IEnumerable<string> files)
    {
        NotebookDocument[] notebooks = [.. files.Select(NotebookDocument.Read)];
        foreach (var notebook in notebooks) notebook.RequireCSharp();
        return notebooks;
    }

    /// <summary>
    /// Starts the process of the first notebook, which initializes while the caller does other work, and does not run
    /// any cell yet.
    /// </summary>
    public void Prepare()
    {
        if (_notebooks is [var first, ..]) _prepared ??= Start(first);
    }

    /// <summary>Ends the prepared process if it was not used.</summary>
    public void Dispose() => _prepared?.Dispose();

    /// <summary>Runs the notebooks.</summary>
    /// <param name="progress">
    /// Receives a report when a cell starts, writes text, or ends. The calls come from any thread, but never
    /// concurrently.
    /// </param>
    /// <param name="interruption">
    /// Interrupts the running cell and ends the batch. The results so far are kept, and the notebook counts as failed.
    /// </param>
    /// <param name="cancellationToken">A token that kills the process of the running notebook.</param>
    /// <returns>The results of the notebooks that ran, in order. Only the last one may have failed.</returns>
    /// <exception cref="OperationCanceledException">
    /// The batch was canceled. The executed notebook contains the outputs so far.
    /// </exception>
    public async Task<IReadOnlyList<NotebookResult>> RunAsync(
        IProgress<BatchProgress>? progress = null,
        CancellationToken interruption = default,
        CancellationToken cancellationToken = default)
    {
        var results = new List<NotebookResult>();
        foreach (var notebook in _notebooks)
        {
            var number = results.Count + 1;
            var cells = progress is null ? null : new CellsOfBatch(progress, notebook.Path, number, _notebooks.Count);
            results.Add(await RunAsync(notebook, cells, interruption, cancellationToken));
            if (!results[^1].Succeeded || interruption.IsCancellationRequested) break;
        }

        return results;
    }

    private async Task<NotebookResult> RunAsync(
        NotebookDocument notebook,
        IProgress<CellProgress>? progress,
        CancellationToken interruption,
        CancellationToken cancellationToken)
    {
        var recorder = new NotebookRecorder(notebook, progress);
        // Saves the notebook that runs, with its parameters and without the results of an earlier run, which must not
        // be mistaken for those of this run.
        recorder.Apply();
        Directory.CreateDirectory(_outputFolder);
        notebook.Save(ExecutedPath(notebook));
        using var process = _prepared ?? Start(notebook);
        _prepared = null;
        var started = _time.GetTimestamp();
        try
        {
            var end = await process.RunAsync(recorder, interruption, cancellationToken);
            var failure = end switch
            {
                { Failures: not null, ExitCode: ExecuteCommand.Succeeded } => null,
                { Failures: not null, ExitCode: ExecuteCommand.CellFailed } =>
                    CellFailure(notebook, recorder, interruption.IsCancellationRequested),
                _ => ProcessFailure(notebook, recorder, end, process.LastLines, interruption.IsCancellationRequested),
            };
            return new(notebook.Path, ExecutedPath(notebook), _time.GetElapsedTime(started), end.Failures ?? 1, failure);
        }
        finally
        {
            recorder.Apply();
            notebook.Save(ExecutedPath(notebook));
        }
    }

    private NotebookProcess Start(NotebookDocument notebook) =>
        new(ExecutedPath(notebook), Path.GetDirectoryName(notebook.Path)!, _options, _time);

    private string ExecutedPath(NotebookDocument notebook) =>
        Path.Combine(_outputFolder, Path.GetFileNameWithoutExtension(notebook.Path) + NotebookDocument.Extension);

    private static NotebookFailure CellFailure(NotebookDocument notebook, NotebookRecorder recorder, bool isInterruption)
    {
        recorder.Apply();
        var failed = notebook.CellsToRun().Last(cell => cell.ExecutionCount is not null);
        var error = failed.Outputs.OfType<ErrorOutput>().Last();
        return new(
            failed.ExecutionCount,
            failed.Source,
            $"{error.Name}: {error.Message}",
            error.Traceback,
            isInterruption,
            ExecuteCommand.CellFailed);
    }

    private NotebookFailure ProcessFailure(
        NotebookDocument notebook,
        NotebookRecorder recorder,
        NotebookProcessEnd end,
        IReadOnlyList<string> lastLines,
        bool isInterruption)
    {
        var cell = recorder.Running;
        var where = cell is null ? "outside its cells" : string.Create(CultureInfo.InvariantCulture, $"in cell {cell.Number}");
        var message = end.WasOverdue
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"The notebook's process was ended {where}: the cell did not stop within {NotebookProcess.Grace.TotalSeconds:0} s of the request.")
            : string.Create(CultureInfo.InvariantCulture, $"The notebook's process ended {where}, with exit code {end.ExitCode}.");
        recorder.Fail(new ErrorOutput("ProcessEnded", message, [message, .. lastLines]), _time.GetUtcNow());
        return new(
            cell?.Number,
            cell is null ? null : notebook.CellsToRun().ElementAt(cell.Number - 1).Source,
            message,
            lastLines,
            isInterruption,
            end.ExitCode);
    }

    private sealed class CellsOfBatch(IProgress<BatchProgress> progress, string notebook, int number, int count) : IProgress<CellProgress>
    {
        public void Report(CellProgress value) => progress.Report(new(notebook, number, count, value));
    }
}
