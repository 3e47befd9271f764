using MnistLab.Data.Datasets;
using TorchSharp;
using static TorchSharp.torch;

namespace MnistLab.Training.Networks;

/// <summary>
/// Represents an input layer that normalizes pixels: (pixel − mean) / standard deviation. As a layer, it is part of the
/// exported model, which therefore takes the same pixels in [0, 1] as in training.
/// </summary>
public sealed class NormalizePixels : nn.Module<Tensor, Tensor>
{
    // Kept alive in fields, because a temporary scalar may be finalized while native code still reads it.
    private readonly Scalar _mean;
    private readonly Scalar _standardDeviation;

    /// <summary>Initializes a new instance of the <see cref="NormalizePixels"/> class.</summary>
    /// <param name="kind">What the images show: their mean and standard deviation; MNIST's digits if null.</param>
    public NormalizePixels(ImageKind? kind = null) : base(nameof(NormalizePixels))
    {
        kind ??= ImageKind.Digits;
        (Mean, StandardDeviation) = (kind.Mean, kind.StandardDeviation);
        (_mean, _standardDeviation) = (Mean, StandardDeviation);
    }

    /// <summary>Gets the mean that is subtracted from each pixel.</summary>
    public double Mean { get; }

    /// <summary>Gets the standard deviation that each centered pixel is divided by.</summary>
    public double StandardDeviation { get; }

    /// <summary>Returns the normalized pixels, in a tensor of the same shape.</summary>
    public override Tensor forward(Tensor pixels)
    {
        ArgumentNullException.ThrowIfNull(pixels);
        using var centered = pixels.sub(_mean);
        return centered.div(_standardDeviation);
    }
}
