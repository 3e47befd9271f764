using System.Runtime.InteropServices;
using MnistLab.Training.Inputs;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MnistLab.Training.Workers;

/// <summary>
/// Represents the mean and the variance of each channel over a batch that is shared by several workers.
/// </summary>
internal sealed class BatchStatistics
{
    private BatchStatistics(WorkerGroup group, float[] mean, float[] variance, long samples, double epsilon) =>
        (Group, Mean, Variance, Samples, Epsilon) = (group, mean, variance, samples, epsilon);

    /// <summary>Gets the workers.</summary>
    public WorkerGroup Group { get; }

    /// <summary>Gets the mean of each channel.</summary>
    public float[] Mean { get; }

    /// <summary>Gets the biased variance of each channel.</summary>
    public float[] Variance { get; }

    /// <summary>Gets the number of values per channel in the whole batch.</summary>
    public long Samples { get; }

    /// <summary>Gets the number that is added to the variance for numerical stability.</summary>
    public double Epsilon { get; }

    /// <summary>
    /// Computes the statistics. Each worker calls this method with its share, and all get the same result.
    /// </summary>
    /// <param name="input">The input, float32 [samples of the share, channels, …].</param>
    /// <param name="group">The workers.</param>
    /// <param name="total">The number of samples in the whole batch.</param>
    /// <param name="epsilon">The number that is added to the variance for numerical stability.</param>
    public static BatchStatistics Compute(Tensor input, WorkerGroup group, int total, double epsilon)
    {
        var channels = (int)input.shape[1];
        var own = new float[2 * channels];
        using (var contiguous = input.is_contiguous() ? null : input.contiguous())
        {
            var values = MemoryMarshal.Cast<byte, float>((contiguous ?? input).bytes);
            ChannelMath.MeanAndVariance(values, BlockOf(input), own.AsSpan(0, channels), own.AsSpan(channels));
        }

        var all = group.Gather(own);
        var (means, variances) = (new float[channels], new float[channels]);
        for (var c = 0; c < channels; c++)
        {
            double mean = 0, square = 0;
            for (var worker = 0; worker < group.Count; worker++)
                mean += Fraction(worker) * all[(worker * own.Length) + c];
            for (var worker = 0; worker < group.Count; worker++)
            {
                // T. Chan, G. Golub, R. LeVeque, 1979: avoids subtracting large numbers from each other.
                var offset = all[(worker * own.Length) + c] - mean;
                square += Fraction(worker) * (all[(worker * own.Length) + channels + c] + (offset * offset));
            }

            (means[c], variances[c]) = ((float)mean, (float)square);
        }

        return new BatchStatistics(group, means, variances, (long)total * BlockOf(input), epsilon);

        double Fraction(int worker) => BatchShare.Divide(total, worker, group.Count).Fraction;
    }

    /// <summary>Returns the number of values of one channel in one sample.</summary>
    public static int BlockOf(Tensor batch) => (int)(batch.numel() / (batch.shape[0] * batch.shape[1]));

    /// <summary>Updates the running statistics of a layer in the same way as the layer itself.</summary>
    public void Track(BatchNorm layer)
    {
        var batches = MemoryMarshal.Cast<byte, long>(layer.num_batches_tracked!.bytes);
        batches[0]++;
        var factor = layer.momentum ?? 1.0 / batches[0];
        var means = MemoryMarshal.Cast<byte, float>(layer.running_mean!.bytes);
        var variances = MemoryMarshal.Cast<byte, float>(layer.running_var!.bytes);
        // The running variance uses the unbiased estimate.
        var unbiased = (double)Samples / Math.Max(1, Samples - 1);
        for (var c = 0; c < Mean.Length; c++)
        {
            means[c] = (float)(((1 - factor) * means[c]) + (factor * Mean[c]));
            variances[c] = (float)(((1 - factor) * variances[c]) + (factor * Variance[c] * unbiased));
        }
    }
}
