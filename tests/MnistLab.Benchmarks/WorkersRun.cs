using System.Globalization;
using System.Text.Json;
using MnistLab.Data.Datasets;
using MnistLab.Data.Workspaces;
using MnistLab.Training;
using MnistLab.Training.Workers;

namespace MnistLab.Benchmarks;

/// <summary>
/// Trains for a number of steps, on as many workers as the program is started with, and prints the speed on the first
/// one. <see cref="WorkersBenchmark"/> runs it in separate processes.
/// </summary>
internal static class WorkersRun
{
    /// <summary>The first argument that selects this program.</summary>
    public const string Argument = "workers-run";

    private const int Window = 50;

    /// <summary>Trains a model.</summary>
    /// <param name="model">The name of a preset.</param>
    /// <param name="batchSize">The number of samples in the whole batch.</param>
    /// <param name="threads">The number of threads of each worker.</param>
    /// <param name="steps">The number of steps, of which the first ones are a warm-up.</param>
    public static void Run(string model, string batchSize, string threads, string steps)
    {
        var number = (string text) => int.Parse(text, CultureInfo.InvariantCulture);
        var preset = ModelPreset.Find(model);
        var digits = MnistDataset.Load(Workspace.Find(AppContext.BaseDirectory).SampleFolder).Train;
        var run = Mox.Run(
            _ => digits,
            _ => preset.CreateModel(),
            preset.OptimizerFor(number(steps)),
            batchSize: number(batchSize),
            maxNumberOfSteps: number(steps),
            logEveryNSteps: Window,
            augmentation: preset.Augmenter,
            threads: number(threads),
            log: TextWriter.Null);
        using var network = run.Network;
        if (!JobEnvironment.IsFirstWorker) return;
        var rates = run.Reports.Skip(run.Reports.Count > 1 ? 1 : 0).Select(report => report.SamplesPerSecond!.Value).Order().ToList();
        var group = WorkerGroup.Find();
        Console.WriteLine(JsonSerializer.Serialize(new WorkersResult(
            rates[rates.Count / 2],
            network.parameters().Sum(parameter => parameter.numel()),
            (group?.ExchangeTime ?? TimeSpan.Zero).TotalMilliseconds / run.Steps,
            (group?.SummedBytes ?? 0) / run.Steps)));
    }
}

/// <summary>Represents the speed of a run.</summary>
/// <param name="ImagesPerSecond">The median throughput of all workers, in images per second.</param>
/// <param name="Parameters">The number of parameters of the network.</param>
/// <param name="ExchangeMilliseconds">
/// The time per step for the sum of gradients, including the wait for the other worker.
/// </param>
/// <param name="SummedBytes">The number of bytes summed per step.</param>
internal sealed record WorkersResult(
    double ImagesPerSecond, long Parameters, double ExchangeMilliseconds, long SummedBytes);
