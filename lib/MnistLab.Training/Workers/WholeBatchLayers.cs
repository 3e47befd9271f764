using MnistLab.Training.Inputs;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MnistLab.Training.Workers;

/// <summary>
/// Replaces the computation of layers whose results depend on the whole batch, of which each worker computes only a
/// share: batch normalization uses the statistics of the whole batch, and dropout uses the same mask as on one worker.
/// Other layers that draw random numbers draw different ones on each worker.
/// </summary>
internal sealed class WholeBatchLayers : IDisposable
{
    private readonly BatchShare _share;
    private readonly List<Action> _removals = [];
    private readonly List<(string Name, BatchNorm Layer, long Before)> _norms = [];
    private readonly List<BatchNorm> _replaced = [];

    /// <summary>Replaces the computation of the layers of a network until this object is disposed of.</summary>
    public WholeBatchLayers(nn.Module network, WorkerGroup group, BatchShare share)
    {
        _share = share;
        foreach (var (name, module) in network.named_modules())
        {
            if (module is BatchNorm norm)
            {
                _norms.Add((name, norm, CountBatches(norm)));
                Replace(
                    norm,
                    input => input.slice(0, 0, 0, 1),
                    input =>
                    {
                        if (_norms.Count > 0) _replaced.Add(norm);
                        return SynchronizedBatchNorm.Apply(norm, input, group, share.Total);
                    });
            }
            else if (module is Dropout { p: > 0 and < 1 } dropout)
            {
                Replace(dropout, input => input, input => Drop(dropout.p, input));
            }
        }
    }

    /// <summary>
    /// Gets or sets the random generator of the current step, which has the same seed on each worker.
    /// </summary>
    public Generator? Random { get; set; }

    /// <summary>
    /// Validates, after the first forward pass, that the replacements of the batch-normalization layers were executed.
    /// </summary>
    /// <exception cref="NotSupportedException">The network calls a layer in a way that cannot be replaced.</exception>
    public void RequireReplaced()
    {
        foreach (var (name, layer, before) in _norms)
        {
            if (CountBatches(layer) - before <= _replaced.Count(replaced => ReferenceEquals(replaced, layer))) continue;
            throw new NotSupportedException(
                $"The network computes its layer '{name}' by forward, so each worker would normalize by the "
                + $"statistics of its own share of a batch. Let the network compute it by call: {name}.call(input).");
        }

        _norms.Clear();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var remove in _removals) remove();
    }

    /// <summary>Replaces the computation of a layer in training mode.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="placeholder">
    /// Returns the input that the layer itself receives instead, in evaluation mode, so that its own computation costs
    /// almost nothing.
    /// </param>
    /// <param name="compute">The computation that replaces the layer's own.</param>
    private void Replace(nn.Module<Tensor, Tensor> layer, Func<Tensor, Tensor> placeholder, Func<Tensor, Tensor> compute)
    {
        Tensor? pending = null;
        var before = layer.register_forward_pre_hook((_, input) =>
        {
            if (!layer.training) return input;
            pending = input;
            layer.train(false);
            return placeholder(input);
        });
        var after = layer.register_forward_hook((_, _, output) =>
        {
            if (pending is not { } input) return output;
            pending = null;
            layer.train(true);
            return compute(input);
        });
        _removals.Add(before.remove);
        _removals.Add(after.remove);
    }

    private static long CountBatches(BatchNorm layer) => layer.num_batches_tracked?.item<long>() ?? 0;

    private Tensor Drop(double probability, Tensor input)
    {
        var shape = input.shape;
        shape[0] = _share.Total;
        using var mask = empty(shape, input.dtype).bernoulli_(1 - probability, Random);
        Scalar kept = 1 - probability;
        mask.div_(kept);
        GC.KeepAlive(kept);
        using var own = mask.narrow(0, _share.First, _share.Count);
        return input * own;
    }
}
