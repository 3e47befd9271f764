using System.CommandLine;
using System.Globalization;
using MnistLab.Kernel.Documents;
using MnistLab.Kernel.Reports;
using MnistLab.Kernel.Running;

namespace MnistLab.Kernel.Commands;

/// <summary>
/// Represents the command <c>run</c>, which runs notebooks in the order of their names, writes the report, and prints
/// its path.
/// </summary>
public static class RunCommand
{
    private const string ReportName = "report.html";

    /// <summary>Creates the command.</summary>
    /// <param name="surroundings">The settings of the program that contains the command.</param>
    public static Command Create(RunSurroundings surroundings)
    {
        ArgumentNullException.ThrowIfNull(surroundings);
        var paths = new Argument<string[]>("path")
        {
            Arity = ArgumentArity.OneOrMore,
            Description = "Notebooks (.ipynb, .dib) or folders of notebooks."
        };
        var output = new Option<string?>("--output", "-o")
        {
            Description = $"The folder for the executed notebooks and the report. By default, {surroundings.DefaultOutputName}."
        };
        var parameters = new Option<string[]>("--parameter", "-p")
        {
            Description = "Set a variable of the cell tagged 'parameters'. Can be repeated.",
            HelpName = "name=value"
        };
        var listParameters = new Option<bool>("--list-parameters")
        {
            Description = "List the parameters of the notebooks without running the notebooks."
        };
        var timeout = new Option<double?>("--timeout")
        {
            Description = "The time limit of each cell in seconds. By default, there is no limit."
        };
        timeout.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<double?>() is <= 0 or double.NaN) result.AddError("--timeout must be greater than 0 seconds.");
        });
        var allowErrors = new Option<bool>("--allow-errors")
        {
            Description = "Continue with the next cell after a cell fails, and exit with code 0."
        };
        var asLearner = new Option<bool>("--as-learner")
        {
            Description = $"Run cells tagged '{ExerciseSolutions.Tag}' unchanged instead of the solutions in the text before them.",
        };
        var showOutput = new Option<bool>("--show-output") { Description = "Show the console output of the cells as they write it." };
        var command = new Command(
            "run",
            $"""
            Runs notebooks, each in a separate process, and writes a report.
            Exit codes: {ExitCodes.Success} all cells ran; {ExitCodes.Failure} a cell failed, or the process of a notebook ended unexpectedly; {ExitCodes.Usage} nothing was run, for example because a file is missing or a parameter is invalid; {ExitCodes.Interrupted} interrupted.
            Ctrl+C stops the running cell and writes a report of the cells that ran; a second Ctrl+C ends the notebook's process immediately.
            """)
        { paths, output, parameters, listParameters, timeout, allowErrors, asLearner, showOutput };
        command.SetAction((result, _) => CommandErrors.HandleAsync(() =>
        {
            var notebooks = result.GetRequiredValue(paths);
            if (result.GetValue(listParameters)) return ListParametersAsync(notebooks);
            var options = new NotebookRunOptions
            {
                Parameters = (result.GetValue(parameters) ?? [])
                    .Select(NotebookParameters.Parse)
                    .GroupBy(pair => pair.Key)
                    .ToDictionary(same => same.Key, same => same.Last().Value),
                CellTimeout = result.GetValue(timeout) is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
                AllowErrors = result.GetValue(allowErrors),
                AsLearner = result.GetValue(asLearner),
            };
            return RunAsync(surroundings, notebooks, result.GetValue(output), options, result.GetValue(showOutput));
        }, surroundings.IsExpected));
        return command;
    }

    /// <summary>
    /// Returns the configuration with which a program that contains this command invokes a parsed command line.
    /// </summary>
    /// <param name="parsed">The parsed command line.</param>
    /// <param name="run">The command that <see cref="Create"/> created.</param>
    public static InvocationConfiguration Invocation(ParseResult parsed, Command run)
    {
        ArgumentNullException.ThrowIfNull(parsed);
        return new()
        {
            EnableDefaultExceptionHandler = false,
            // The default Ctrl+C handler, which the other commands use, waits for the command to end, so this command
            // would never receive the second Ctrl+C.
            ProcessTerminationTimeout = parsed.CommandResult.Command == run ? null : TimeSpan.FromMinutes(1),
        };
    }

    private static async Task<int> RunAsync(
        RunSurroundings surroundings, string[] paths, string? output, NotebookRunOptions options, bool showOutput)
    {
        using var stop = new StopRequests();
        var folder = Path.GetFullPath(output ?? surroundings.DefaultOutput());
        using var batch = NotebookBatch.Open(paths, folder, TimeProvider.System, options);
        batch.Prepare();
        await surroundings.BeforeRun(batch.Notebooks, stop.First);

        var report = Path.Combine(folder, ReportName);
        Directory.CreateDirectory(folder);
        // Replaces the report of the previous run while the first notebook starts, so that the old report is not
        // mistaken for the new one, however this run ends.
        var beforehand = Task.Run(() => WriteReport(surroundings.Title, report, batch.Notebooks));
        var results = await RunAsync(batch, showOutput, stop);
        await beforehand;
        // Includes the notebooks that did not run, unexecuted, so that the report shows what is missing.
        WriteReport(surroundings.Title, report, results.Select(result => result.Executed).Concat(batch.Notebooks.Skip(results.Count)));

        Console.WriteLine();
        var failure = results.LastOrDefault(result => !result.Succeeded);
        if (failure is not null) await WriteFailureAsync(failure);
        if (failure is null && results.Sum(result => result.FailedCells) is > 0 and var failed)
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{failed} {(failed == 1 ? "cell" : "cells")} failed, which was allowed: see the report."));
        await surroundings.AfterRun(batch.Notebooks, stop.Second);
        Console.WriteLine($"Report: {report}");
        return failure is null ? ExitCodes.Success : failure.Failure!.IsInterruption ? ExitCodes.Interrupted : ExitCodes.Failure;
    }

    private static async Task<IReadOnlyList<NotebookResult>> RunAsync(NotebookBatch batch, bool showOutput, StopRequests stop)
    {
        using var progress = new BatchProgressWriter(
            Console.Out,
            Console.IsOutputRedirected ? null : Math.Max(Console.WindowWidth, 40),
            showOutput,
            TimeProvider.System);
        return await batch.RunAsync(progress, stop.First, stop.Second);
    }

    private static void WriteReport(string title, string path, IEnumerable<string> notebooks)
    {
        NotebookDocument[] documents = [.. notebooks.Select(NotebookDocument.Read)];
        var languages = documents.Select(document => document.TextLanguage ?? "en").Distinct(StringComparer.Ordinal).ToArray();
        HtmlReport.Write(path, title, documents, languages is [var one] ? one : "en");
    }

    private static Task<int> ListParametersAsync(string[] paths)
    {
        foreach (var notebook in NotebookBatch.Read(NotebookSelection.Find(paths)))
        {
            Console.WriteLine(notebook.Path);
            var parameters = NotebookParameters.Read(notebook);
            foreach (var parameter in parameters) Console.WriteLine($"  {parameter}");
            if (parameters.Count == 0) Console.WriteLine("  no cell tagged 'parameters'");
        }

        return Task.FromResult(ExitCodes.Success);
    }

    private static async Task WriteFailureAsync(NotebookResult result)
    {
        var failure = result.Failure!;
        var cell = failure.CellNumber is { } number ? string.Create(CultureInfo.InvariantCulture, $", cell [{number}]") : "";
        await Console.Error.WriteLineAsync($"{(failure.IsInterruption ? "Interrupted" : "Failed")}: {result.Notebook}{cell}");
        if (failure.Source is { } source)
            await Console.Error.WriteLineAsync(string.Join(Environment.NewLine, source.Split('\n').Select(line => $"    {line}")));
        foreach (var line in failure.Details is { Count: > 0 } details ? details : [failure.Message])
            await Console.Error.WriteLineAsync(line);
        await Console.Error.WriteLineAsync();
    }
}
