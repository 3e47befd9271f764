using MnistLab.Data.Datasets;
using MnistLab.Training.Inputs;
using TorchSharp;
using static TorchSharp.torch;

namespace MnistLab.Training.Tests;

public sealed class DigitBatchesTests
{
    // Not a multiple of the length of a vector.
    private const int Rows = 9;
    private const int Columns = 11;
    private const int Count = 50;

    private static readonly Scalar Largest = 255f;
    private static readonly byte[] Pixels = [.. Enumerable.Range(0, Count * Rows * Columns).Select(i => (byte)(i % 256))];

    [Fact]
    public void OfStep_OfAnEpoch_HasEachSampleAsTorchDividesIt()
    {
        using var scope = NewDisposeScope();
        using var batches = new DigitBatches(Set());
        var all = Divided();
        var seen = new HashSet<long>();

        for (var step = 0; step < 5; step++)
        {
            var (images, labels, samples) = batches.OfStep(step, Count / 5, seed: 1);
            Assert.Equal(all.index_select(0, samples).bytes.ToArray(), images.bytes.ToArray());
            var numbers = samples.data<long>().ToArray();
            Assert.Equal(numbers.Select(number => number % 10), labels.data<long>().ToArray());
            seen.UnionWith(numbers);
        }

        Assert.Equal(Count, seen.Count);
    }

    [Fact]
    public void InOrder_WithABatchThatIsNotFull_HasEachSampleOnce()
    {
        using var scope = NewDisposeScope();
        using var batches = new DigitBatches(Set());
        var all = Divided();

        var found = batches.InOrder(batchSize: 7).ToList();

        Assert.Equal(all.bytes.ToArray(), cat([.. found.Select(batch => batch.Images)]).bytes.ToArray());
        Assert.Equal(Count, found.Sum(batch => batch.Labels.shape[0]));
    }

    private static ImageDataset Set() =>
        new(Pixels, [.. Enumerable.Range(0, Count).Select(i => (byte)(i % 10))], Rows, Columns);

    private static Tensor Divided() =>
        tensor(Pixels, [Count, 1, Rows, Columns], ScalarType.Byte).to_type(ScalarType.Float32).div(Largest);
}
