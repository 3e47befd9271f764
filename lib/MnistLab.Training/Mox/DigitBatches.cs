using MnistLab.Data;
using static TorchSharp.torch;

namespace MnistLab.Training;

/// <summary>A set of digits as tensors, handed out in batches. Pixels stay bytes until a batch needs them: a quarter of the memory.</summary>
internal sealed class DigitBatches : IDisposable
{
    private readonly Tensor _images;
    private readonly Tensor _labels;

    public DigitBatches(DigitSet set)
    {
        Count = set.Count;
        _images = tensor(set.Pixels.ToArray(), [set.Count, 1, set.Rows, set.Columns], ScalarType.Byte).DetachFromDisposeScope();
        using var bytes = tensor(set.Labels.ToArray(), ScalarType.Byte);
        _labels = bytes.to_type(ScalarType.Int64).DetachFromDisposeScope();
    }

    public int Count { get; }

    /// <summary>Batches without end: each epoch is a new order of the whole set, less the samples that fill no batch.</summary>
    public IEnumerable<(Tensor Images, Tensor Labels)> Shuffled(int batchSize, Generator random)
    {
        while (true)
        {
            using var order = randperm(Count, generator: random).DetachFromDisposeScope();
            for (var start = 0; start + batchSize <= Count; start += batchSize)
            {
                using var indices = order.slice(0, start, start + batchSize, 1);
                yield return (Scaled(_images.index_select(0, indices)), _labels.index_select(0, indices));
            }
        }
    }

    /// <summary>The whole set once, in its own order; the last batch may be smaller.</summary>
    public IEnumerable<(Tensor Images, Tensor Labels)> InOrder(int batchSize)
    {
        for (var start = 0; start < Count; start += batchSize)
        {
            var end = Math.Min(Count, start + batchSize);
            yield return (Scaled(_images.slice(0, start, end, 1)), _labels.slice(0, start, end, 1));
        }
    }

    public void Dispose()
    {
        _images.Dispose();
        _labels.Dispose();
    }

    private static Tensor Scaled(Tensor bytes)
    {
        using (bytes)
        using (var floats = bytes.to_type(ScalarType.Float32))
            return floats / 255f;
    }
}
