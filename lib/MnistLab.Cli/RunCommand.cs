using System.CommandLine;
using System.Globalization;
using MnistLab.Data;
using MnistLab.Kernel;
using MnistLab.Serving;

namespace MnistLab.Cli;

/// <summary><c>run notebooks</c>: runs notebooks in the order of their names, writes the report, and says where to look.</summary>
internal static class RunCommand
{
    private const string ReportName = "report.html";

    public static Command Create()
    {
        var paths = new Argument<string[]>("path") { Arity = ArgumentArity.OneOrMore, Description = "Notebooks (.ipynb, .dib), and folders of notebooks." };
        var output = new Option<string?>("--output", "-o") { Description = "The folder of the executed notebooks and the report; artifacts/reports by default." };
        var parameters = new Option<string[]>("--parameter", "-p") { Description = "A value for a variable of the cell tagged 'parameters', as name=value. May be given several times.", HelpName = "name=value" };
        var listParameters = new Option<bool>("--list-parameters") { Description = "Lists the parameters of the notebooks, and runs nothing." };
        var timeout = new Option<double?>("--timeout") { Description = "How long a cell may run, in seconds; as long as it takes by default." };
        timeout.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<double?>() is <= 0 or double.NaN) result.AddError("--timeout has to be above 0 seconds.");
        });
        var allowErrors = new Option<bool>("--allow-errors") { Description = "Goes on with the next cell when one fails. The exit code is 0 all the same." };
        var showOutput = new Option<bool>("--show-output") { Description = "Shows what the cells write to the console, as they write it." };
        var command = new Command(
            "run",
            $"""
            Runs notebooks, each in a process of its own, and writes a report.
            Exit codes: {ExitCodes.Success} all cells ran; {ExitCodes.Failure} a cell failed, or the process of a notebook ended; {ExitCodes.Usage} nothing was run, because of a mistake in what was asked for; {ExitCodes.Interrupted} interrupted.
            Ctrl+C stops the running cell and writes the report of what ran; once more ends the notebook's process at once.
            """)
        { paths, output, parameters, listParameters, timeout, allowErrors, showOutput };
        command.SetAction((result, _) => Guarded.RunAsync(() =>
        {
            var notebooks = result.GetRequiredValue(paths);
            if (result.GetValue(listParameters)) return ListParametersAsync(notebooks);
            var options = new RunOptions
            {
                Parameters = (result.GetValue(parameters) ?? []).Select(NotebookParameters.Parse).GroupBy(pair => pair.Key).ToDictionary(same => same.Key, same => same.Last().Value),
                CellTimeout = result.GetValue(timeout) is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
                AllowErrors = result.GetValue(allowErrors),
            };
            return RunAsync(notebooks, result.GetValue(output), options, result.GetValue(showOutput));
        }));
        return command;
    }

    private static async Task<int> RunAsync(string[] paths, string? output, RunOptions options, bool showOutput)
    {
        using var stop = new StopRequests();
        var workspace = Workspace.Find();
        var folder = Path.GetFullPath(output ?? workspace.ReportsFolder);
        using var batch = NotebookBatch.Open(paths, folder, TimeProvider.System, options);
        batch.Prepare();
        Console.WriteLine((await FindDatasetAsync(workspace, stop.First)).Notice);
        Console.WriteLine($"Objects are stored in {workspace.OpenStore().Location}.");
        Console.WriteLine();

        var report = Path.Combine(folder, ReportName);
        Directory.CreateDirectory(folder);
        // A report of what is going to run replaces that of the last run while the first notebook starts: nobody takes the old one for the new, however this run ends.
        var beforehand = Task.Run(() => WriteReport(report, batch.Notebooks));
        var results = await RunAsync(batch, showOutput, stop);
        await beforehand;
        // The notebooks that were not reached are in it, too, as they are: what is missing shows.
        WriteReport(report, results.Select(result => result.Executed).Concat(batch.Notebooks.Skip(results.Count)));

        Console.WriteLine();
        var failure = results.LastOrDefault(result => !result.Succeeded);
        if (failure is not null) await WriteFailureAsync(failure);
        if (failure is null && results.Sum(result => result.FailedCells) is > 0 and var failed) Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{failed} {(failed == 1 ? "cell" : "cells")} failed, which was allowed: see the report."));
        foreach (var service in await new OnlineServices(workspace.ServicesFolder).ListAsync(stop.Second))
        {
            if (service.Status == ServiceStatus.Running)
                Console.WriteLine($"Online service {service.Name}: {service.Url} (stop it with: dotnet run --project lib/MnistLab.Cli -- services stop {service.Name})");
        }

        Console.WriteLine($"Report: {report}");
        return failure is null ? ExitCodes.Success : failure.Failure!.IsInterruption ? ExitCodes.Interrupted : ExitCodes.Failure;
    }

    private static async Task<IReadOnlyList<NotebookResult>> RunAsync(NotebookBatch batch, bool showOutput, StopRequests stop)
    {
        using var progress = new BatchProgressWriter(Console.Out, Console.IsOutputRedirected ? null : Math.Max(Console.WindowWidth, 40), showOutput, TimeProvider.System);
        return await batch.RunAsync(progress, stop.First, stop.Second);
    }

    private static void WriteReport(string path, IEnumerable<string> notebooks) => HtmlReport.Write(path, "MnistLab", [.. notebooks.Select(NotebookDocument.Read)]);

    private static Task<int> ListParametersAsync(string[] paths)
    {
        using var batch = NotebookBatch.Open(paths, Path.Combine(Path.GetTempPath(), Path.GetRandomFileName()), TimeProvider.System);
        foreach (var file in batch.Notebooks)
        {
            Console.WriteLine(file);
            var parameters = NotebookParameters.Of(NotebookDocument.Read(file));
            foreach (var parameter in parameters) Console.WriteLine($"  {parameter}");
            if (parameters.Count == 0) Console.WriteLine("  no cell tagged 'parameters'");
        }

        return Task.FromResult(ExitCodes.Success);
    }

    // On the error stream: what the command prints begins with the notice, however the dataset was come by.
    private static async Task<DatasetSource> FindDatasetAsync(Workspace workspace, CancellationToken cancellationToken)
    {
        using var progress = new DownloadProgressWriter(Console.Error, !Console.IsErrorRedirected, TimeProvider.System);
        return await workspace.FindDatasetAsync(progress, cancellationToken);
    }

    private static async Task WriteFailureAsync(NotebookResult result)
    {
        var failure = result.Failure!;
        var cell = failure.CellNumber is { } number ? string.Create(CultureInfo.InvariantCulture, $", cell [{number}]") : "";
        await Console.Error.WriteLineAsync($"{(failure.IsInterruption ? "Interrupted" : "Failed")}: {result.Notebook}{cell}");
        if (failure.Source is { } source) await Console.Error.WriteLineAsync(string.Join(Environment.NewLine, source.Split('\n').Select(line => $"    {line}")));
        foreach (var line in failure.Details is { Count: > 0 } details ? details : [failure.Message]) await Console.Error.WriteLineAsync(line);
        await Console.Error.WriteLineAsync();
    }
}
