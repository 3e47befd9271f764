using System.Diagnostics;
using System.Globalization;
using MnistLab.Data.Datasets;
using MnistLab.Data.Sources;
using MnistLab.Training;

namespace MnistLab.Benchmarks;

/// <summary>
/// Compares the run loop with PyTorch: the same networks, batches, optimizer, and number of steps on MNIST, in elapsed
/// time. Both keep the images in memory; PyTorch's loop is written by hand, without a <c>DataLoader</c>, which would be
/// slower.
/// </summary>
internal static class PyTorchBenchmark
{
    private const int Rounds = 5;
    private const int Steps = 500;

    public static async Task RunAsync(Report report)
    {
        const string What = "training, against PyTorch";
        if (Environment.GetEnvironmentVariable(DatasetSource.Variable) is not { Length: > 0 } folder)
        {
            report.Skip(What, $"{DatasetSource.Variable} is not set");
            return;
        }

        if (Python.Find("torch") is not { } python)
        {
            report.Skip(What, "python3-torch is not installed (BENCHMARKS=1 .ci/run installs it)");
            return;
        }

        var train = TrainValidationSplit.Split(MnistDataset.Load(folder).Train).Train;
        foreach (var preset in new[] { ModelPreset.Fast, ModelPreset.LeNet })
        {
            foreach (var threads in new[] { 1, 2 })
                await CompareAsync(report, python, folder, train, preset, threads);
        }
    }

    private static async Task CompareAsync(
        Report report, string python, string folder, ImageDataset train, ModelPreset preset, int threads)
    {
        string[] arguments =
        [
            Python.PathOf("train.py"), folder, preset.Model, Text(preset.BatchSize), Text(Steps), Text(threads),
            Text(preset.LearningRate), Text(preset.WeightDecay), Text(preset.LabelSmoothing),
        ];
        using var peer = Process.Start(new ProcessStartInfo(python, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        if (await peer.StandardOutput.ReadLineAsync() != "ready")
            throw new InvalidOperationException("PyTorch's training did not start.");
        try
        {
            var (ours, peers) = (new List<double>(), new List<double>());
            for (var round = -1; round < Rounds; round++)
            {
                var time = Train(train, preset, threads);
                await peer.StandardInput.WriteLineAsync();
                await peer.StandardInput.FlushAsync();
                var seconds = double.Parse((await peer.StandardOutput.ReadLineAsync())!, CultureInfo.InvariantCulture);
                if (round < 0) continue;
                ours.Add(Rate(time));
                peers.Add(Rate(seconds));
            }

            var measured = Comparison.OfMedians(ours, peers, "images/s");
            var what = $"training {preset.Model}, {threads} thread{(threads == 1 ? "" : "s")}: images/s by PyTorch's";
            report.AtLeastRatio(what, measured, 3.5);
        }
        finally
        {
            peer.StandardInput.Close();
            await peer.WaitForExitAsync();
        }

        double Rate(double seconds) => Steps * preset.BatchSize / seconds;
    }

    private static double Train(ImageDataset train, ModelPreset preset, int threads)
    {
        var start = Stopwatch.GetTimestamp();
        Mox.Run(
            _ => train,
            _ => preset.CreateModel(),
            preset.OptimizerFor(Steps),
            batchSize: preset.BatchSize,
            maxNumberOfSteps: Steps,
            threads: threads,
            log: TextWriter.Null).Network.Dispose();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static string Text<T>(T value)
        where T : IFormattable => value.ToString(null, CultureInfo.InvariantCulture);
}
