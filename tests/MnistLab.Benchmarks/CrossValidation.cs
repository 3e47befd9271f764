using System.Globalization;
using MnistLab.Data.Datasets;
using MnistLab.Data.Sources;
using MnistLab.Training;
using MnistLab.Training.Results;
using static TorchSharp.torch;

namespace MnistLab.Benchmarks;

/// <summary>
/// Chooses the options of <c>best</c> by 6-fold cross-validation on the 60,000 training images: each image is
/// recognized by a network trained on the 50,000 images of the other folds. A fold is a contiguous range of the files,
/// so that adjacent images, which may have the same writer, are in the same fold. The test set is not used.
/// </summary>
internal static class CrossValidation
{
    private const int Folds = 6;

    /// <summary>The options to compare, by name: those of the preset, and alternatives.</summary>
    public static IReadOnlyDictionary<string, ModelPreset> Candidates { get; } = new Dictionary<string, ModelPreset>
    {
        ["best"] = ModelPreset.Best,
        ["best-augmentation-0.8"] = ModelPreset.Best with { Augmentation = 0.8 },
        ["best-augmentation-0.8-smoothing-0"] = ModelPreset.Best with { Augmentation = 0.8, LabelSmoothing = 0 },
        ["best-augmentation-0.8-smoothing-0.2"] = ModelPreset.Best with { Augmentation = 0.8, LabelSmoothing = 0.2 },
        ["best-augmentation-1.2-smoothing-0"] = ModelPreset.Best with { Augmentation = 1.2, LabelSmoothing = 0 },
        ["best-smoothing-0"] = ModelPreset.Best with { LabelSmoothing = 0 },
    };

    public static Task RunAsync(Report report, string name)
    {
        if (Environment.GetEnvironmentVariable(DatasetSource.Variable) is not { Length: > 0 } folder)
        {
            report.Skip($"cross-validation of {name}", $"{DatasetSource.Variable} is not set");
            return Task.CompletedTask;
        }

        set_num_threads(TrainingBenchmark.Threads);
        var images = MnistDataset.Load(folder).Train;
        var mistakes = 0;
        for (var fold = 0; fold < Folds; fold++)
        {
            var (start, end) = (images.Count * fold / Folds, images.Count * (fold + 1) / Folds);
            var held = images.Subset([.. Enumerable.Range(start, end - start)]);
            var others = images.Subset([.. Enumerable.Range(0, images.Count).Where(index => index < start || index >= end)]);
            RunResult? run = null;
            var duration = Duration.Of(() => run = TrainingBenchmark.Train(Candidates[name], others, held, fold));
            using var network = run!.Network;
            var wrong = Evaluation.Compute(network, held).Mistakes.Count;
            mistakes += wrong;
            report.Note(string.Create(
                CultureInfo.InvariantCulture,
                $"  {name}, fold {fold + 1} of {Folds}: {wrong} of {held.Count:N0} wrong, {duration.Processor / 1000:F0} s of processor time"));
        }

        report.Note(string.Create(
            CultureInfo.InvariantCulture,
            $"{name}: {mistakes} of {images.Count:N0} wrong, accuracy in cross-validation {100 - (100.0 * mistakes / images.Count):F3}%"));
        return Task.CompletedTask;
    }
}
