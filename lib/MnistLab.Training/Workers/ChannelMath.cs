using System.Numerics;

namespace MnistLab.Training.Workers;

/// <summary>
/// Computes sums over the channels of a batch, each in one pass over memory. The general reductions and broadcasts of
/// TorchSharp take several passes, and together several times as long, for batches that fit into the cache.
/// </summary>
/// <remarks>
/// A batch, float32 [samples, channels, …], is given as its values in this order: a <em>block</em> is the sequence of
/// values of one channel in one sample.
/// </remarks>
internal static class ChannelMath
{
    /// <summary>Computes the mean and the biased variance of each channel.</summary>
    /// <param name="values">The batch.</param>
    /// <param name="block">The number of values in a block.</param>
    /// <param name="means">Receives the means, one for each channel.</param>
    /// <param name="variances">Receives the variances, one for each channel.</param>
    public static void MeanAndVariance(
        ReadOnlySpan<float> values, int block, Span<float> means, Span<float> variances)
    {
        var channels = means.Length;
        var count = (double)values.Length / channels;
        var sums = new double[channels];
        for (var (i, c) = (0, 0); i < values.Length; i += block, c = Next(c, channels))
            sums[c] += Sum(values.Slice(i, block));
        for (var c = 0; c < channels; c++) (means[c], sums[c]) = ((float)(sums[c] / count), 0);
        for (var (i, c) = (0, 0); i < values.Length; i += block, c = Next(c, channels))
            sums[c] += SumOfSquares(values.Slice(i, block), means[c]);
        for (var c = 0; c < channels; c++) variances[c] = (float)(sums[c] / count);
    }

    /// <summary>
    /// Computes two sums for each channel: of the gradients, and of the products of the gradients with the distances of
    /// the values from their mean.
    /// </summary>
    /// <param name="gradients">The gradients, as many as values.</param>
    /// <param name="values">The batch.</param>
    /// <param name="block">The number of values in a block.</param>
    /// <param name="means">The mean of each channel.</param>
    /// <param name="sums">Receives the sums of the gradients.</param>
    /// <param name="products">Receives the sums of the products.</param>
    public static void SumGradients(
        ReadOnlySpan<float> gradients,
        ReadOnlySpan<float> values,
        int block,
        ReadOnlySpan<float> means,
        Span<float> sums,
        Span<float> products)
    {
        var channels = means.Length;
        var totals = new (double Sum, double Product)[channels];
        for (var (i, c) = (0, 0); i < values.Length; i += block, c = Next(c, channels))
        {
            var (sum, product) = SumBlock(gradients.Slice(i, block), values.Slice(i, block), means[c]);
            totals[c].Sum += sum;
            totals[c].Product += product;
        }

        for (var c = 0; c < channels; c++) (sums[c], products[c]) = ((float)totals[c].Sum, (float)totals[c].Product);
    }

    /// <summary>
    /// Computes <c>scale · gradient + slope · (value − mean) + offset</c> for each value, with the numbers of its
    /// channel.
    /// </summary>
    public static void Combine(
        ReadOnlySpan<float> gradients,
        ReadOnlySpan<float> values,
        int block,
        ReadOnlySpan<float> means,
        ReadOnlySpan<float> scales,
        ReadOnlySpan<float> slopes,
        ReadOnlySpan<float> offsets,
        Span<float> results)
    {
        var whole = block - (block % Vector<float>.Count);
        for (var (start, c) = (0, 0); start < values.Length; start += block, c = Next(c, means.Length))
        {
            var (mean, scale, slope, offset) = (means[c], scales[c], slopes[c], offsets[c]);
            var (means1, scales1) = (new Vector<float>(mean), new Vector<float>(scale));
            var (slopes1, offsets1) = (new Vector<float>(slope), new Vector<float>(offset));
            var i = start;
            for (; i < start + whole; i += Vector<float>.Count)
            {
                var distance = new Vector<float>(values[i..]) - means1;
                var sum = Vector.FusedMultiplyAdd(distance, slopes1, offsets1);
                Vector.FusedMultiplyAdd(new Vector<float>(gradients[i..]), scales1, sum).CopyTo(results[i..]);
            }

            for (; i < start + block; i++) results[i] = (scale * gradients[i]) + (slope * (values[i] - mean)) + offset;
        }
    }

    private static int Next(int channel, int channels) => channel + 1 == channels ? 0 : channel + 1;

    private static float Sum(ReadOnlySpan<float> block)
    {
        var sums = Vector<float>.Zero;
        var i = 0;
        for (; i <= block.Length - Vector<float>.Count; i += Vector<float>.Count) sums += new Vector<float>(block[i..]);
        var sum = Vector.Sum(sums);
        for (; i < block.Length; i++) sum += block[i];
        return sum;
    }

    private static float SumOfSquares(ReadOnlySpan<float> block, float mean)
    {
        var (sums, means) = (Vector<float>.Zero, new Vector<float>(mean));
        var i = 0;
        for (; i <= block.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            var distance = new Vector<float>(block[i..]) - means;
            sums = Vector.FusedMultiplyAdd(distance, distance, sums);
        }

        var sum = Vector.Sum(sums);
        for (; i < block.Length; i++) sum += (block[i] - mean) * (block[i] - mean);
        return sum;
    }

    private static (float Sum, float Product) SumBlock(
        ReadOnlySpan<float> gradients, ReadOnlySpan<float> values, float mean)
    {
        var (sums, products, means) = (Vector<float>.Zero, Vector<float>.Zero, new Vector<float>(mean));
        var i = 0;
        for (; i <= values.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            var gradient = new Vector<float>(gradients[i..]);
            sums += gradient;
            products = Vector.FusedMultiplyAdd(gradient, new Vector<float>(values[i..]) - means, products);
        }

        var (sum, product) = (Vector.Sum(sums), Vector.Sum(products));
        for (; i < values.Length; i++)
        {
            sum += gradients[i];
            product += gradients[i] * (values[i] - mean);
        }

        return (sum, product);
    }
}
