using TorchSharp;
using static TorchSharp.torch;

namespace MnistLab.Training.Networks;

/// <summary>
/// The first layer of a network that likes its input centred: (pixel − mean) / standard deviation.
/// Being a layer, it travels with the exported model, so whoever serves the model hands it the same [0, 1] pixels that training did.
/// </summary>
public sealed class NormalizePixels : nn.Module<Tensor, Tensor>
{
    /// <summary>The mean of all pixels of MNIST's training images, in [0, 1].</summary>
    public const double MnistMean = 0.1307;

    /// <summary>The standard deviation of all pixels of MNIST's training images.</summary>
    public const double MnistStandardDeviation = 0.3081;

    // Kept as long as the layer: a temporary scalar may be finalized while native code still reads it.
    private readonly Scalar _mean = MnistMean;
    private readonly Scalar _standardDeviation = MnistStandardDeviation;

    /// <summary>Creates the layer for MNIST's pixels.</summary>
    public NormalizePixels() : base(nameof(NormalizePixels))
    {
    }

    /// <summary>Any shape in, the same shape out.</summary>
    public override Tensor forward(Tensor pixels)
    {
        ArgumentNullException.ThrowIfNull(pixels);
        using var centered = pixels.sub(_mean);
        return centered.div(_standardDeviation);
    }
}
