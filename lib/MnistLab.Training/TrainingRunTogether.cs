using System.Globalization;
using MnistLab.Training.Checkpoints;
using MnistLab.Training.Inputs;
using MnistLab.Training.Workers;
using static TorchSharp.torch;

namespace MnistLab.Training;

/// <content>Implements the parts of a run that differ if several workers share it.</content>
internal sealed partial class TrainingRun
{
    /// <summary>
    /// Updates the weights with the gradients of the whole batch, of which this worker computes a share.
    /// </summary>
    /// <returns>The logits of the share, and the mean loss of the whole batch.</returns>
    private (Tensor Logits, float Loss) StepTogether(
        DataParallel parallel, Tensor images, Tensor labels, long step, CancellationToken cancellationToken)
    {
        parallel.BeginStep(step);
        var inputs = _options.Augmentation is null ? images : parallel.Augment(_options.Augmentation, images);
        var logits = _model.Network.forward(inputs);
        var loss = parallel.Backward(_model.Loss(logits, labels), step, cancellationToken.IsCancellationRequested);
        if (!float.IsFinite(loss))
        {
            _workers.EndTogether();
            return (logits, loss);
        }

        _optimizer.step();
        _context.Step = step;
        foreach (var hook in _options.Hooks) hook.AfterStep(_context, loss);
        FollowFirst();
        return (logits, loss);
    }

    /// <summary>Returns whether to stop. If there are several workers, all stop after the same step.</summary>
    private bool StopIsRequested(CancellationToken cancellationToken)
    {
        if (_parallel is null) return cancellationToken.IsCancellationRequested;
        if (_parallel.StopIsRequested) _workers.EndTogether();
        return _parallel.StopIsRequested;
    }

    /// <summary>
    /// Returns the file of the newest checkpoint. If there are several workers, the first one determines which it is.
    /// </summary>
    private string? FindNewest()
    {
        if (_workers.IsAlone) return _checkpoints?.Newest;
        var all = _checkpoints?.All ?? [];
        var step = _workers.Broadcast(all is [.., var newest] ? newest.Step : -1);
        if (step < 0) return null;
        return all.FirstOrDefault(checkpoint => checkpoint.Step == step).File ?? throw new CheckpointException(
            string.Create(CultureInfo.InvariantCulture, $"{_checkpoints?.Path} has no checkpoint of step {step} ")
            + $"on {_workers.Place.Name}, from which worker-0 resumes. All workers must share the same folder.");
    }

    /// <summary>
    /// Adopts the decisions of the first worker's hooks, because hooks on different workers may decide differently, for
    /// example by their clocks.
    /// </summary>
    private void FollowFirst()
    {
        if (_parallel is null || _options.Hooks.Count == 0) return;
        Span<double> decisions = [_context.LearningRateFactor, _context.StopReason is null ? 0 : 1];
        _workers.Broadcast(decisions);
        _context.LearningRateFactor = decisions[0];
        _context.StopReason = decisions[1] > 0 ? _context.StopReason ?? "worker-0 stops the run" : null;
    }

    private string Describe(DigitBatches training, DigitBatches? validation) => FormattableString.Invariant(
        $"batch_size={_options.BatchSize} max_number_of_steps={_options.MaxNumberOfSteps} seed={_options.Seed} ")
        + FormattableString.Invariant($"optimizer={_optimizerFn.Name} ")
        + FormattableString.Invariant($"log_every_n_steps={_options.LogEveryNSteps} hooks={_options.Hooks.Count} ")
        + FormattableString.Invariant($"evaluate_every_n_steps={_options.EvaluateEveryNSteps} training={training.Fingerprint} ")
        + $"validation={validation?.Fingerprint}";
}
