using MnistLab.Data.Download;
using MnistLab.Data.Sources;
using MnistLab.Data.Workspaces;
using MnistLab.Kernel.Commands;
using MnistLab.Kernel.Documents;
using MnistLab.Serving.Deployment;
using MnistLab.Serving.Instances;

namespace MnistLab.Cli;

/// <summary>
/// Extends the command <c>run</c> for notebooks that use the lab: prints the dataset and the store before they run, and
/// the running online services afterward. Does nothing for other notebooks.
/// </summary>
internal static class CourseRun
{
    private const string Library = "MnistLab.Notebooks.dll";

    public static RunSurroundings Surroundings { get; } = new()
    {
        Title = "MnistLab",
        DefaultOutput = () => Workspace.Find().ReportsFolder,
        DefaultOutputName = "artifacts/reports",
        BeforeRun = (notebooks, cancellationToken) => UseTheLab(notebooks) ? WriteNoticesAsync(cancellationToken) : Task.CompletedTask,
        AfterRun = (notebooks, cancellationToken) => UseTheLab(notebooks) ? WriteServicesAsync(cancellationToken) : Task.CompletedTask,
        IsExpected = Guarded.IsExpected,
    };

    private static bool UseTheLab(IEnumerable<string> notebooks) => notebooks
        .SelectMany(notebook => NotebookDocument.Read(notebook).Cells)
        .Any(cell => cell.Kind == CellKind.Code && cell.Source.Contains(Library, StringComparison.Ordinal));

    private static async Task WriteNoticesAsync(CancellationToken cancellationToken)
    {
        var workspace = Workspace.Find();
        Console.WriteLine((await FindDatasetAsync(workspace, cancellationToken)).Notice);
        Console.WriteLine($"Objects are stored in {workspace.OpenStore().Location}.");
        Console.WriteLine();
    }

    // Progress goes to standard error, so that the output of the command starts with the notice, with or without a
    // download.
    private static async Task<DatasetSource> FindDatasetAsync(Workspace workspace, CancellationToken cancellationToken)
    {
        using var progress = new DownloadProgressWriter(Console.Error, !Console.IsErrorRedirected, TimeProvider.System);
        return await workspace.FindDatasetAsync(progress, cancellationToken);
    }

    private static async Task WriteServicesAsync(CancellationToken cancellationToken)
    {
        foreach (var service in await new OnlineServices(Workspace.Find().ServicesFolder).ListAsync(cancellationToken))
        {
            if (service.Status == ServiceStatus.Running)
                Console.WriteLine(
                    $"Online service {service.Name}: {service.Url} (stop it with: dotnet run --project lib/MnistLab.Cli -- services stop {service.Name})");
        }

        Console.WriteLine(
            "To edit the notebooks and run them again, open the lab in a browser: dotnet run --project lib/MnistLab.Cli -- open");
    }
}
