using MnistLab.Training.Inputs;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MnistLab.Training.Workers;

/// <summary>
/// Lets the layers whose results depend on the whole batch see it while each worker computes a share: batch
/// normalization uses the statistics of the whole batch, and dropout the mask that one worker would draw. Other layers
/// that draw random numbers draw different ones on each worker.
/// </summary>
internal sealed class WholeBatchLayers : IDisposable
{
    private readonly BatchShare _share;
    private readonly List<Action> _removals = [];
    private readonly List<(string Name, BatchNorm Layer, long Before)> _norms = [];
    private readonly List<BatchNorm> _replaced = [];

    /// <summary>Takes over the layers of a network, until it is disposed.</summary>
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

    /// <summary>Gets or sets what draws the random numbers of a step, the same on each worker.</summary>
    public Generator? Random { get; set; }

    /// <summary>Checks, after the first forward pass, that the network's layers were really replaced.</summary>
    /// <exception cref="NotSupportedException">The network calls a layer in a way that cannot be replaced.</exception>
    public void RequireReplaced()
    {
        foreach (var (name, layer, before) in _norms)
        {
            if (CountBatches(layer) - before <= _replaced.Count(replaced => ReferenceEquals(replaced, layer))) continue;
            throw new NotSupportedException(
                $"The network computes its layer '{name}' by forward, so that each worker would normalize by the "
                + $"statistics of its own share of a batch. Let the network compute it by call: {name}.call(input).");
        }

        _norms.Clear();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var remove in _removals) remove();
    }

    /// <summary>Replaces what a layer computes in training.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="placeholder">What the layer itself gets instead, in evaluation mode, in which it costs nothing.</param>
    /// <param name="compute">What it computes now.</param>
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
