using System.Security.Cryptography;
using System.Text;
using MnistLab.Training.Inputs;
using static TorchSharp.torch;

namespace MnistLab.Training.Workers;

/// <summary>
/// Implements data-parallel training: all workers have the same network, each computes its share of every batch, and
/// all apply the same update with the gradients of the whole batch.
/// </summary>
internal sealed class DataParallel : IDisposable
{
    private readonly WorkerGroup _group;
    private readonly long _seed;
    private readonly GradientExchange _exchange;
    private readonly WholeBatchLayers _layers;

    /// <summary>Initializes data-parallel training: every worker receives the weights of the first.</summary>
    /// <param name="group">The workers.</param>
    /// <param name="network">The network of this worker.</param>
    /// <param name="batchSize">The number of samples in the whole batch.</param>
    /// <param name="seed">The seed of the run.</param>
    /// <param name="options">A text that describes the options, which must be the same on each worker.</param>
    /// <exception cref="MpiException">
    /// The options or the shapes of the network differ from those of the first worker.
    /// </exception>
    public DataParallel(WorkerGroup group, nn.Module network, int batchSize, long seed, string options)
    {
        (_group, _seed) = (group, seed);
        Share = BatchShare.Divide(batchSize, group.Index, group.Count);
        RequireSame(network, options);
        foreach (var tensor in network.state_dict().Values) group.Broadcast(tensor.bytes);
        _exchange = new GradientExchange(group, network.parameters());
        _layers = new WholeBatchLayers(network, group, Share);
    }

    /// <summary>Gets the share of each batch that this worker computes.</summary>
    public BatchShare Share { get; }

    /// <summary>Gets whether a worker was asked to stop; the same on each worker.</summary>
    public bool StopIsRequested => _exchange.StopIsRequested;

    /// <summary>
    /// Seeds the random numbers of a step. Random numbers for the whole batch are the same on each worker and the same
    /// as in a run on one worker; all others differ between workers.
    /// </summary>
    public void BeginStep(long step)
    {
        _layers.Random?.Dispose();
        _layers.Random = new Generator((ulong)SeedDerivation.SeedOf(_seed, SeedDerivation.Step, step));
        random.manual_seed(SeedDerivation.SeedOf(_seed, SeedDerivation.Worker, (step * _group.Count) + _group.Index)).Dispose();
    }

    /// <summary>Augments the images of this worker's share.</summary>
    public Tensor Augment(AffineAugmentation augmentation, Tensor images) =>
        augmentation.Apply(images, Share, _layers.Random!);

    /// <inheritdoc cref="GradientExchange.Backward"/>
    /// <exception cref="NotSupportedException">
    /// A parameter is not float32, or a layer is called in a way that does not support several workers.
    /// </exception>
    public float Backward(Tensor loss, long step, bool stop)
    {
        _layers.RequireReplaced();
        return _exchange.Backward(loss, Share, step, stop);
    }

    /// <summary>Returns the metrics of the whole batch: the weighted means over the shares of all workers.</summary>
    public Dictionary<string, double> Mean(Dictionary<string, double> metrics)
    {
        string[] names = [.. metrics.Keys];
        double[] values = [.. names.Select(name => metrics[name] * Share.Fraction)];
        _group.Sum(values);
        return names.Zip(values).ToDictionary(metric => metric.First, metric => metric.Second, StringComparer.Ordinal);
    }

    /// <summary>Removes the replacements from the layers of the network, and releases the gradients.</summary>
    public void Dispose()
    {
        _layers.Dispose();
        _layers.Random?.Dispose();
        _exchange.Dispose();
    }

    private void RequireSame(nn.Module network, string options)
    {
        var shapes = network.state_dict().Select(item => $"{item.Key}[{string.Join(',', item.Value.shape)}]");
        var own = SHA256.HashData(Encoding.UTF8.GetBytes($"{options}\n{string.Join('\n', shapes)}"));
        var first = own.ToArray();
        _group.Broadcast(first.AsSpan());
        if (own.AsSpan().SequenceEqual(first)) return;
        throw new MpiException(
            $"{_group.Place.Name} has different options, data, or a different network from worker-0, so they cannot "
            + $"train together. Its options: {options}. The boot file must do the same on every worker.");
    }
}
