using System.Numerics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using MnistLab.Data.Datasets;
using static TorchSharp.torch;

namespace MnistLab.Training.Inputs;

/// <summary>
/// Provides a set of digits as batches of tensors. Pixels are stored as bytes and converted per batch, which takes a
/// quarter of the memory.
/// </summary>
internal sealed class DigitBatches : IDisposable
{
    private const float Largest = 255;

    private readonly ReadOnlyMemory<byte> _pixels;
    private readonly long[] _shape;
    private readonly int _size;
    private readonly Tensor _labels;
    private Tensor? _order;
    private long _orderEpoch;

    public DigitBatches(ImageDataset set)
    {
        Count = set.Count;
        _pixels = set.Pixels;
        _shape = [1, set.Rows, set.Columns];
        _size = set.Rows * set.Columns;
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
            hash.AppendData(_pixels.Span);
            hash.AppendData(_labels.bytes);
            return Convert.ToHexStringLower(hash.GetHashAndReset());
        }
    }

    /// <summary>
    /// Returns the batch of a step. The order of the samples in each epoch is drawn from the seed and the epoch number;
    /// samples that do not fill a batch are left out. A run that resumes at any step therefore sees the same batches as
    /// an uninterrupted one.
    /// </summary>
    /// <param name="step">The step, from 0.</param>
    /// <param name="batchSize">The number of samples in a batch, at most <see cref="Count"/>.</param>
    /// <param name="seed">The run's seed.</param>
    /// <param name="share">The share of the batch that one worker computes; the whole batch if null.</param>
    /// <returns>
    /// The images, float32 [count, 1, rows, columns] in [0, 1], and labels, int64 [count], of the share; and the
    /// indices of the samples in the whole batch, int64 [batchSize].
    /// </returns>
    public (Tensor Images, Tensor Labels, Tensor Samples) OfStep(
        long step, int batchSize, long seed, BatchShare? share = null)
    {
        var (epoch, batch) = Math.DivRem(step, Count / batchSize);
        if (_order is null || _orderEpoch != epoch)
        {
            _order?.Dispose();
            using var random = new Generator((ulong)SeedDerivation.SeedOf(seed, SeedDerivation.Order, epoch));
            (_order, _orderEpoch) = (randperm(Count, generator: random).DetachFromDisposeScope(), epoch);
        }

        var samples = _order.slice(0, batch * batchSize, (batch + 1) * batchSize, 1);
        if (share is not { } slice) return (Images(samples), _labels.index_select(0, samples), samples);
        using var own = samples.narrow(0, slice.First, slice.Count);
        return (Images(own), _labels.index_select(0, own), samples);
    }

    /// <summary>Returns the whole set in its original order, batch by batch; the last batch may be smaller.</summary>
    /// <param name="batchSize">The number of samples in a batch.</param>
    /// <param name="first">The index of the first batch to return.</param>
    /// <param name="every">The stride between batches: 1 for every batch, 2 for every other batch, and so on.</param>
    public IEnumerable<(Tensor Images, Tensor Labels)> InOrder(int batchSize, int first = 0, int every = 1)
    {
        for (var start = first * batchSize; start < Count; start += every * batchSize)
        {
            var end = Math.Min(Count, start + batchSize);
            var images = empty([end - start, .. _shape], ScalarType.Float32);
            Scale(_pixels.Span[(start * _size)..(end * _size)], Values(images));
            yield return (images, _labels.slice(0, start, end, 1));
        }
    }

    public void Dispose()
    {
        _labels.Dispose();
        _order?.Dispose();
    }

    private Tensor Images(Tensor samples)
    {
        var images = empty([samples.shape[0], .. _shape], ScalarType.Float32);
        var pixels = _pixels.Span;
        var rest = Values(images);
        foreach (var sample in MemoryMarshal.Cast<byte, long>(samples.bytes))
        {
            Scale(pixels.Slice((int)sample * _size, _size), rest);
            rest = rest[_size..];
        }

        return images;
    }

    private static Span<float> Values(Tensor images) => MemoryMarshal.Cast<byte, float>(images.bytes);

    /// <summary>
    /// Converts pixels to [0, 1] in one pass; with tensor operations, gathering, converting, and dividing would take
    /// three.
    /// </summary>
    private static void Scale(ReadOnlySpan<byte> pixels, Span<float> values)
    {
        var i = 0;
        for (; i <= pixels.Length - Vector<byte>.Count; i += Vector<byte>.Count)
        {
            Vector.Widen(new Vector<byte>(pixels[i..]), out var low, out var high);
            ScaleHalf(low, values[i..]);
            ScaleHalf(high, values[(i + Vector<ushort>.Count)..]);
        }

        for (; i < pixels.Length; i++) values[i] = pixels[i] / Largest;
    }

    private static void ScaleHalf(Vector<ushort> pixels, Span<float> values)
    {
        Vector.Widen(pixels, out var low, out var high);
        (Vector.ConvertToSingle(Vector.AsVectorInt32(low)) / Largest).CopyTo(values);
        (Vector.ConvertToSingle(Vector.AsVectorInt32(high)) / Largest).CopyTo(values[Vector<float>.Count..]);
    }
}
