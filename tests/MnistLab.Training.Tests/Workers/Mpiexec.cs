using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using MnistLab.Data.Workspaces;
using MnistLab.Testing;
using MnistLab.TrainingProgram;

namespace MnistLab.Training.Tests.Workers;

/// <summary>Runs <see cref="ParallelRun"/> in separate processes, which are its workers.</summary>
internal static class Mpiexec
{
    /// <summary>The program that trains.</summary>
    public static string Program { get; } = Path.Combine(AppContext.BaseDirectory, "MnistLab.TrainingProgram.dll");

    /// <summary>Trains with a number of workers; a single worker needs no MPI.</summary>
    /// <returns>The result of each worker.</returns>
    public static async Task<TrainedWorker[]> TrainAsync(int workers, TrainingOptions options)
    {
        string[] program = ["dotnet", Program, ParallelRun.Argument, JsonSerializer.Serialize(options)];
        return await TrainAsync(workers, options.Output, workers == 1 ? program : [Require(), .. Count(workers), .. program]);
    }

    /// <summary>Runs a command that starts the program, and returns the result of each worker.</summary>
    public static async Task<TrainedWorker[]> TrainAsync(int workers, string output, IReadOnlyList<string> command)
    {
        Directory.CreateDirectory(output);
        var (exitCode, text) = await RunAsync(command);
        Assert.True(exitCode == 0, text);
        return [.. Enumerable.Range(0, workers).Select(worker => Read(output, worker))];
    }

    /// <summary>Runs a command and waits until it ends.</summary>
    /// <returns>The exit code and the output of the command.</returns>
    public static async Task<(int ExitCode, string Text)> RunAsync(
        IReadOnlyList<string> command, params (string Name, string? Value)[] variables)
    {
        var start = new ProcessStartInfo(command[0], command.Skip(1))
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { [Workspace.HomeVariable] = Workspace.Find(AppContext.BaseDirectory).Root },
        };
        foreach (var (name, value) in variables)
        {
            if (value is null) start.Environment.Remove(name);
            else start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var text = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, text + await errors);
    }

    /// <summary>Returns the path of MPICH's <c>mpiexec</c>; the test is skipped if it is missing.</summary>
    public static string Require() => InstalledProgram.Require("mpiexec");

    private static string[] Count(int workers) => ["-n", workers.ToString(CultureInfo.InvariantCulture)];

    private static TrainedWorker Read(string output, int worker)
    {
        var file = Path.Combine(output, string.Create(CultureInfo.InvariantCulture, $"worker-{worker}.json"));
        return JsonSerializer.Deserialize<TrainedWorker>(File.ReadAllText(file))!;
    }
}
