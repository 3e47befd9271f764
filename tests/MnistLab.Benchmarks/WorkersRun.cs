using System.Globalization;
using System.Text.Json;
using MnistLab.Data.Datasets;
using MnistLab.Data.Workspaces;
using MnistLab.Training;
using MnistLab.Training.Workers;

namespace MnistLab.Benchmarks;

/// <summary>
/// Trains for a number of steps, on as many workers as the program is started with, and prints on the first one how
/// fast that was. Run by <see cref="WorkersBenchmark"/> in processes of its own.
/// </summary>
internal static class WorkersRun
{
    /// <summary>The first argument that asks for it.</summary>
    public const string Argument = "workers-run";

    private const int Window = 50;

    /// <summary>Trains.</summary>
    /// <param name="model">The name of a preset.</param>
    /// <param name="batchSize">The samples of the whole batch.</param>
    /// <param name="threads">The threads of each worker.</param>
    /// <param name="steps">The number of steps, of which the first ones warm up.</param>
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

/// <summary>How fast a run was.</summary>
/// <param name="ImagesPerSecond">The median of the images of all workers per second.</param>
/// <param name="Parameters">The parameters of the network.</param>
/// <param name="ExchangeMilliseconds">The time of a step in the sum of gradients, waiting for the other included.</param>
/// <param name="SummedBytes">The bytes of a step that are summed.</param>
internal sealed record WorkersResult(
    double ImagesPerSecond, long Parameters, double ExchangeMilliseconds, long SummedBytes);
