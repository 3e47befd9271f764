using TorchSharp;
using static TorchSharp.torch;

namespace MnistLab.Training.Networks;

/// <summary>
/// Represents an input layer that normalizes pixels: (pixel − mean) / standard deviation. As a layer, it is part of the
/// exported model, which therefore takes the same pixels in [0, 1] as in training.
/// </summary>
public sealed class NormalizePixels : nn.Module<Tensor, Tensor>
{
    /// <summary>The mean of all pixels of MNIST's training images, in [0, 1].</summary>
    public const double MnistMean = 0.1307;

    /// <summary>The standard deviation of all pixels of MNIST's training images.</summary>
    public const double MnistStandardDeviation = 0.3081;

    // Kept alive in fields, because a temporary scalar may be finalized while native code still reads it.
    private readonly Scalar _mean = MnistMean;
    private readonly Scalar _standardDeviation = MnistStandardDeviation;

    /// <summary>
    /// Initializes a new instance of the <see cref="NormalizePixels"/> class with the statistics of MNIST.
    /// </summary>
    public NormalizePixels() : base(nameof(NormalizePixels))
    {
    }

    /// <summary>Returns the normalized pixels, in a tensor of the same shape.</summary>
    public override Tensor forward(Tensor pixels)
    {
        ArgumentNullException.ThrowIfNull(pixels);
        using var centered = pixels.sub(_mean);
        return centered.div(_standardDeviation);
    }
}
