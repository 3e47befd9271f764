using System.Globalization;
using MnistLab.Data.Datasets;
using MnistLab.Training.EventLog;

namespace MnistLab.Training;

/// <summary>Runs a training and logs, besides its curves, its hyper-parameters, sample images, and outcome.</summary>
internal static class LoggedRun
{
    public static RunResult Of(
        TrainingRun training,
        EventLogWriter events,
        Func<RunMode, ImageDataset> inputFn,
        string? checkpointPath,
        IReadOnlyDictionary<string, string>? hyperParameters,
        CancellationToken cancellationToken)
    {
        events.HyperParameters(All(training, hyperParameters));
        try
        {
            // An empty set has no images to show; the run rejects it.
            if (inputFn(RunMode.Train) is { Count: > 0 } samples) ImageSummaries.Samples(events, samples, 0);
            var result = training.Run(inputFn, checkpointPath, cancellationToken);
            if (training.EvaluateEveryNSteps > 0) ImageSummaries.Mistakes(events, result.Network, inputFn(RunMode.Eval), result.Steps);
            events.End(succeeded: true);
            return result;
        }
        catch
        {
            events.End(succeeded: false);
            throw;
        }
    }

    private static Dictionary<string, string> All(TrainingRun training, IReadOnlyDictionary<string, string>? further)
    {
        var all = new Dictionary<string, string>(further ?? new Dictionary<string, string>(), StringComparer.Ordinal);
        all.TryAdd("optimizer", training.OptimizerName);
        all.TryAdd("batch_size", Text(training.BatchSize));
        all.TryAdd("max_number_of_steps", Text(training.MaxNumberOfSteps));
        all.TryAdd("seed", Text(training.Seed));
        return all;
    }

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);
}
