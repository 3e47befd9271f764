using System.Globalization;
using MnistLab.Data.Datasets;
using MnistLab.Training.EventLog;

namespace MnistLab.Training;

/// <summary>
/// Trains a model, and logs its hyper-parameters, sample images, and outcome in addition to its curves.
/// </summary>
internal static class LoggedRun
{
    public static RunResult Of(
        TrainingRun training,
        string optimizer,
        RunOptions options,
        EventLogWriter events,
        Func<RunMode, ImageDataset> inputFn,
        CancellationToken cancellationToken)
    {
        events.HyperParameters(All(optimizer, options));
        try
        {
            // An empty set has no images to show; the run rejects it.
            if (inputFn(RunMode.Train) is { Count: > 0 } samples) ImageSummaries.Samples(events, samples, 0);
            var result = training.Run(inputFn, cancellationToken);
            if (options.EvaluateEveryNSteps > 0) ImageSummaries.Mistakes(events, result.Network, inputFn(RunMode.Eval), result.Steps);
            events.End(succeeded: true);
            return result;
        }
        catch
        {
            events.End(succeeded: false);
            throw;
        }
    }

    private static Dictionary<string, string> All(string optimizer, RunOptions options)
    {
        var further = options.HyperParameters ?? new Dictionary<string, string>();
        var all = new Dictionary<string, string>(further, StringComparer.Ordinal);
        all.TryAdd("optimizer", optimizer);
        all.TryAdd("batch_size", Text(options.BatchSize));
        all.TryAdd("max_number_of_steps", Text(options.MaxNumberOfSteps));
        all.TryAdd("seed", Text(options.Seed));
        return all;
    }

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);
}
