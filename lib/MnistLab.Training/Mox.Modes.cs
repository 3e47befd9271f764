using System.Diagnostics;
using System.Globalization;
using MnistLab.Data.Datasets;
using MnistLab.Training.Checkpoints;
using MnistLab.Training.EventLog;
using MnistLab.Training.Inputs;
using MnistLab.Training.Workers;

namespace MnistLab.Training;

/// <content>Implements the modes of a run.</content>
public static partial class Mox
{
    private static RunResult Train(
        Func<RunMode, ImageDataset> inputFn,
        ModelSpec model,
        OptimizerFn optimizerFn,
        RunOptions options,
        CheckpointFolder? checkpoints,
        WorkerGroup workers,
        CancellationToken cancellationToken)
    {
        using var events = options.LogDir is { } logDir && workers.IsFirst
            ? new EventLogWriter(logDir, TimeProvider.System)
            : null;
        using var training = new TrainingRun(model, optimizerFn, options, checkpoints, events, workers);
        var result = events is null
            ? training.Run(inputFn, cancellationToken)
            : LoggedRun.Of(training, optimizerFn.Name, options, events, inputFn, cancellationToken);
        return options.ExportModel is { } folder && workers.IsFirst
            ? result with { ExportFolder = ModelExport.Write(folder, model) }
            : result;
    }

    // Evaluates, predicts, or exports.
    private static RunResult Use(
        Func<RunMode, ImageDataset> inputFn, ModelSpec model, RunOptions options, CheckpointFolder? checkpoints)
    {
        var (runMode, output, watch) = (options.RunMode, options.Output, Stopwatch.StartNew());
        var bestLog = options.RestoreBestWeights ? output : null;
        var step = LoadWeights(model, checkpoints, options.CheckpointPath, runMode, bestLog);
        RunResult Result() => new(model.Network, [], step, watch.Elapsed) { StartStep = step };
        if (runMode == RunMode.Export)
        {
            model.Network.eval();
            return JobEnvironment.IsFirstWorker
                ? Result() with { ExportFolder = ModelExport.Write(options.ExportModel!, model) }
                : Result();
        }

        var set = inputFn(runMode);
        ImageInput.Validate(model.Network, set, runMode == RunMode.Eval ? "validation" : "input");
        using var data = new DigitBatches(set);
        if (runMode == RunMode.Predict)
        {
            var outputs = ModelEvaluator.Predict(model, data);
            model.Network.eval();
            return Result() with { Outputs = outputs };
        }

        var report = ModelEvaluator.Evaluate(model, data, step);
        model.Network.eval();
        output.WriteLine(report);
        options.Progress?.Report(report);
        return Result() with { Reports = [report], Validation = report };
    }

    // Loads the best weights and reports that to bestLog; loads the last weights if bestLog is null.
    private static long LoadWeights(
        ModelSpec model, CheckpointFolder? checkpoints, string? checkpointPath, RunMode runMode, TextWriter? bestLog)
    {
        if (bestLog is not null && checkpoints?.BestOfNewest is { } best)
        {
            var step = CheckpointFolder.Restore(best, model.Network, null, null).Step;
            bestLog.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"step: {step} the weights are from {best}, the best by validation loss"));
            return step;
        }

        if ((checkpoints?.Newest ?? checkpointPath) is { } file) return CheckpointFolder.Restore(file, model.Network, null, null).Step;
        if (model.IsTrained) return 0;
        throw new ArgumentException(
            $"{runMode} needs weights, but there are none: {(checkpoints is null ? "" : $"{checkpoints.Path} holds no checkpoint. ")}Pass logDir or checkpointPath of a run that has saved some, or a trained model (ModelSpec.IsTrained).");
    }
}
