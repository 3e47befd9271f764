using System.Runtime.InteropServices;
using MnistLab.Training.Workers;
using static TorchSharp.torch;

namespace MnistLab.Training.Tests.Workers;

/// <summary>Tests the sums over the channels of a batch against the general operations of TorchSharp.</summary>
public sealed class ChannelMathTests
{
    // Blocks of 1, as behind a linear layer, and of less than, exactly, and more than whole SIMD vectors.
    public static TheoryData<long[]> Shapes => new(
        new long[] { 7, 5 }, new long[] { 1, 3, 2 }, new long[] { 4, 3, 64 }, new long[] { 5, 16, 6, 6 },
        new long[] { 2, 3, 5, 7 });

    [Theory]
    [MemberData(nameof(Shapes))]
    public void MeanAndVariance_OfABatch_AreThoseOfTorchSharp(long[] shape)
    {
        using var scope = NewDisposeScope();
        // Far from zero, where a difference of two large sums would lose all digits.
        var batch = Random(shape, 1) + tensor(1000f);
        var (means, variances) = (new float[shape[1]], new float[shape[1]]);

        ChannelMath.MeanAndVariance(ValuesOf(batch), BatchStatistics.BlockOf(batch), means, variances);

        var (variance, mean) = batch.to_type(ScalarType.Float64).var_mean(SampleDimensions(batch), unbiased: false);
        AssertClose(mean, means, 1e-3);
        AssertClose(variance, variances, 1e-4);
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void SumGradientsAndCombine_OfABatch_AreThoseOfTorchSharp(long[] shape)
    {
        using var scope = NewDisposeScope();
        var (batch, gradient) = (Random(shape, 1), Random(shape, 2));
        var channels = (int)shape[1];
        var numbers = Enumerable.Range(3, 4).Select(seed => Random([channels], seed)).ToArray();
        var (sums, products) = (new float[channels], new float[channels]);
        var combined = empty(shape);

        var block = BatchStatistics.BlockOf(batch);
        ChannelMath.SumGradients(
            ValuesOf(gradient), ValuesOf(batch), block, ValuesOf(numbers[0]), sums, products);
        ChannelMath.Combine(
            ValuesOf(gradient), ValuesOf(batch), block, ValuesOf(numbers[0]), ValuesOf(numbers[1]),
            ValuesOf(numbers[2]), ValuesOf(numbers[3]), MemoryMarshal.Cast<byte, float>(combined.bytes));

        var (mean, scale, slope, offset) = (Spread(0), Spread(1), Spread(2), Spread(3));
        AssertClose(gradient.sum(SampleDimensions(batch)), sums, 1e-4);
        AssertClose((gradient * (batch - mean)).sum(SampleDimensions(batch)), products, 1e-4);
        var expected = (scale * gradient) + (slope * (batch - mean)) + offset;
        AssertClose(expected.flatten(), combined.data<float>().ToArray(), 1e-5);

        Tensor Spread(int index) => numbers[index].view([1, channels, .. Enumerable.Repeat(1L, shape.Length - 2)]);
    }

    private static Tensor Random(long[] shape, long seed)
    {
        using var random = new Generator((ulong)seed);
        return randn(shape, generator: random);
    }

    private static long[] SampleDimensions(Tensor batch) =>
        [0, .. Enumerable.Range(2, (int)batch.dim() - 2).Select(dimension => (long)dimension)];

    private static ReadOnlySpan<float> ValuesOf(Tensor tensor) =>
        MemoryMarshal.Cast<byte, float>(tensor.bytes);

    private static void AssertClose(Tensor expected, float[] actual, double tolerance)
    {
        var values = expected.to_type(ScalarType.Float64).data<double>().ToArray();
        Assert.Equal(values.Length, actual.Length);
        Assert.InRange(values.Zip(actual, (one, other) => Math.Abs(one - other)).Max(), 0, tolerance);
    }
}
