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
        var paths = new Argument<string[]>("path") { Arity = ArgumentArity.OneOrMore, Description = "Notebooks, and folders of notebooks." };
        var output = new Option<string?>("--output") { Description = "The folder of the executed notebooks and the report; artifacts/reports by default." };
        var command = new Command("run", "Runs notebooks, each in a process of its own, and writes a report.") { paths, output };
        command.SetAction((result, cancellationToken) => Guarded.RunAsync(() => RunAsync(result.GetRequiredValue(paths), result.GetValue(output), cancellationToken)));
        return command;
    }

    private static async Task<int> RunAsync(string[] paths, string? output, CancellationToken cancellationToken)
    {
        var workspace = Workspace.Find();
        var folder = Path.GetFullPath(output ?? workspace.ReportsFolder);
        var batch = NotebookBatch.Open(paths, folder, TimeProvider.System);
        Console.WriteLine((await FindDatasetAsync(workspace, cancellationToken)).Notice);
        Console.WriteLine($"Objects are stored in {workspace.OpenStore().Location}.");
        Console.WriteLine();

        var results = await batch.RunAsync(new ConsoleProgress(), cancellationToken);
        var report = Path.Combine(folder, ReportName);
        // The notebooks that were not reached are in it, too, as they are: what is missing shows.
        HtmlReport.Write(report, "MnistLab", [.. results.Select(result => result.Executed).Concat(batch.Notebooks.Skip(results.Count)).Select(NotebookDocument.Read)]);

        Console.WriteLine();
        if (results.LastOrDefault(result => !result.Succeeded) is { } failed) await WriteFailureAsync(failed);
        foreach (var service in await new OnlineServices(workspace.ServicesFolder).ListAsync(cancellationToken))
        {
            if (service.Status == ServiceStatus.Running)
                Console.WriteLine($"Online service {service.Name}: {service.Url} (stop it with: dotnet run --project lib/MnistLab.Cli -- services stop {service.Name})");
        }

        Console.WriteLine($"Report: {report}");
        return results.All(result => result.Succeeded) ? ExitCodes.Success : ExitCodes.Failure;
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
        await Console.Error.WriteLineAsync($"Failed: {result.Notebook}{cell}");
        if (failure.Source is { } source) await Console.Error.WriteLineAsync(string.Join(Environment.NewLine, source.Split('\n').Select(line => $"    {line}")));
        foreach (var line in failure.Details is { Count: > 0 } details ? details : [failure.Message]) await Console.Error.WriteLineAsync(line);
        await Console.Error.WriteLineAsync();
    }
}
