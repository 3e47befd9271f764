using System.Security.Cryptography;
using MnistLab.Data.Datasets;
using MnistLab.Training.Workers;
using TorchSharp;
using static TorchSharp.torch;

namespace MnistLab.Training.Inputs;

/// <summary>A set of digits as tensors, handed out in batches. Pixels stay bytes until a batch needs them: a quarter of the memory.</summary>
internal sealed class DigitBatches : IDisposable
{
    // Kept: a temporary scalar may be finalized while native code still reads it.
    private static readonly Scalar Largest = 255f;

    private readonly Tensor _images;
    private readonly Tensor _labels;
    private Tensor? _order;
    private long _orderEpoch;

    public DigitBatches(DigitSet set)
    {
        Count = set.Count;
        _images = tensor(set.Pixels.ToArray(), [set.Count, 1, set.Rows, set.Columns], ScalarType.Byte).DetachFromDisposeScope();
        using var bytes = tensor(set.Labels.ToArray(), ScalarType.Byte);
        _labels = bytes.to_type(ScalarType.Int64).DetachFromDisposeScope();
    }

    public int Count { get; }

    /// <summary>Gets a hash of the images and labels, in hexadecimal.</summary>
    public string Fingerprint
    {
        get
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            hash.AppendData(_images.bytes);
            hash.AppendData(_labels.bytes);
            return Convert.ToHexStringLower(hash.GetHashAndReset());
        }
    }

    /// <summary>
    /// The batch of a step. Each epoch has an order of its own, drawn from the seed and its number, less the samples that fill no batch:
    /// a run that goes on from any step sees the batches that it would have seen.
    /// </summary>
    /// <param name="step">The step, from 0.</param>
    /// <param name="batchSize">Samples in a batch, at most <see cref="Count"/>.</param>
    /// <param name="seed">The run's seed.</param>
    /// <param name="share">The share of the batch that one worker computes; the whole batch if null.</param>
    /// <returns>
    /// Images, float32 [count, 1, rows, columns] in [0, 1], and labels, int64 [count], of the share; which samples the
    /// whole batch has, int64 [batchSize].
    /// </returns>
    public (Tensor Images, Tensor Labels, Tensor Samples) OfStep(
        long step, int batchSize, long seed, BatchShare? share = null)
    {
        var (epoch, batch) = Math.DivRem(step, Count / batchSize);
        if (_order is null || _orderEpoch != epoch)
        {
            _order?.Dispose();
            using var random = new Generator((ulong)RunRandom.SeedOf(seed, RunRandom.Order, epoch));
            (_order, _orderEpoch) = (randperm(Count, generator: random).DetachFromDisposeScope(), epoch);
        }

        var samples = _order.slice(0, batch * batchSize, (batch + 1) * batchSize, 1);
        if (share is not { } slice)
            return (Scaled(_images.index_select(0, samples)), _labels.index_select(0, samples), samples);
        using var own = samples.narrow(0, slice.First, slice.Count);
        return (Scaled(_images.index_select(0, own)), _labels.index_select(0, own), samples);
    }

    /// <summary>The whole set once, in its own order; the last batch may be smaller.</summary>
    /// <param name="batchSize">Samples in a batch.</param>
    /// <param name="first">The first batch.</param>
    /// <param name="every">1 for each batch, 2 for every other, and so on.</param>
    public IEnumerable<(Tensor Images, Tensor Labels)> InOrder(int batchSize, int first = 0, int every = 1)
    {
        for (var start = first * batchSize; start < Count; start += every * batchSize)
        {
            var end = Math.Min(Count, start + batchSize);
            yield return (Scaled(_images.slice(0, start, end, 1)), _labels.slice(0, start, end, 1));
        }
    }

    public void Dispose()
    {
        _images.Dispose();
        _labels.Dispose();
        _order?.Dispose();
    }

    private static Tensor Scaled(Tensor bytes)
    {
        // In place: a step's batch is made anew each time, and memory that is not asked for costs no time.
        using (bytes) return bytes.to_type(ScalarType.Float32).div_(Largest);
    }
}
