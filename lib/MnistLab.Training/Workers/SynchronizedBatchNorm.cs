using System.Runtime.InteropServices;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MnistLab.Training.Workers;

/// <summary>
/// Implements batch normalization of a batch that is shared by several workers, with the mean and the variance of the
/// whole batch: outputs, gradients, and running statistics are the same as on one worker. With separate statistics for
/// each share, the result would depend on the number of workers, and would be noisy for small shares.
/// </summary>
/// <remarks>
/// In the forward pass, the workers exchange the mean and the variance of each channel. In the backward pass, they
/// exchange two sums per channel, through which the gradient of a sample depends on the other samples (S. Ioffe, C.
/// Szegedy, "Batch Normalization", 2015, section 3).
/// </remarks>
internal sealed class SynchronizedBatchNorm : autograd.SingleTensorFunction<SynchronizedBatchNorm>
{
    private const string StatisticsKey = "statistics";

    /// <inheritdoc/>
    public override string Name => nameof(SynchronizedBatchNorm);

    /// <summary>Normalizes this worker's share of a batch, and updates the running statistics of the layer.</summary>
    /// <param name="layer">The layer, whose computation this method replaces.</param>
    /// <param name="input">The input, float32 [samples of the share, channels, …].</param>
    /// <param name="group">The workers.</param>
    /// <param name="total">The number of samples in the whole batch.</param>
    /// <returns>The normalized input, of the same shape.</returns>
    public static Tensor Apply(BatchNorm layer, Tensor input, WorkerGroup group, int total)
    {
        var statistics = BatchStatistics.Compute(input, group, total, layer.eps);
        if (layer.track_running_stats) statistics.Track(layer);
        return apply(input, layer.weight, layer.bias!, statistics);
    }

    /// <inheritdoc/>
    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var (input, weight, bias) = ((Tensor)vars[0], (Tensor?)vars[1], (Tensor?)vars[2]);
        var statistics = (BatchStatistics)vars[3];
        ctx.save_for_backward(weight is null ? [input] : [input, weight]);
        ctx.save_data(StatisticsKey, statistics);
        using var mean = tensor(statistics.Mean);
        using var variance = tensor(statistics.Variance);
        return nn.functional.batch_norm(input, mean, variance, weight, bias, training: false, eps: statistics.Epsilon);
    }

    /// <inheritdoc/>
    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        var saved = ctx.get_saved_variables();
        var statistics = (BatchStatistics)ctx.get_data(StatisticsKey);
        var (channels, block) = (statistics.Mean.Length, BatchStatistics.BlockOf(grad_output));
        using var ownInput = saved[0].is_contiguous() ? null : saved[0].contiguous();
        using var ownOutput = grad_output.is_contiguous() ? null : grad_output.contiguous();
        var inputs = ToSpan(ownInput ?? saved[0]);
        var outputs = ToSpan(ownOutput ?? grad_output);

        // The sums over the share are the gradients of weight and bias, which the gradient exchange sums later; the
        // gradient of the input needs the sums over the whole batch.
        var (sums, products) = (new float[channels], new float[channels]);
        ChannelMath.SumGradients(outputs, inputs, block, statistics.Mean, sums, products);
        float[] totals = [.. sums, .. products];
        statistics.Group.Sum(totals);
        var weight = saved.Count > 1 ? ToSpan(saved[1]) : default;
        var (scales, slopes, offsets) = (new float[channels], new float[channels], new float[channels]);
        for (var c = 0; c < channels; c++)
        {
            var inverse = 1 / Math.Sqrt(statistics.Variance[c] + statistics.Epsilon);
            var scale = (weight.IsEmpty ? 1 : weight[c]) * inverse;
            scales[c] = (float)scale;
            slopes[c] = (float)(-scale * inverse * inverse * totals[channels + c] / statistics.Samples);
            offsets[c] = (float)(-scale * totals[c] / statistics.Samples);
            products[c] = (float)(products[c] * inverse);
        }

        var gradient = empty(grad_output.shape);
        ChannelMath.Combine(outputs, inputs, block, statistics.Mean, scales, slopes, offsets, ToSpan(gradient));
        GC.KeepAlive(grad_output);
        var hasWeight = saved.Count > 1;
        return [gradient, hasWeight ? tensor(products) : null!, hasWeight ? tensor(sums) : null!, null!];
    }

    private static Span<float> ToSpan(Tensor tensor) => MemoryMarshal.Cast<byte, float>(tensor.bytes);
}
