using MnistLab.Hosting;
using static MnistLab.Training.Networks.TensorMath;
using static TorchSharp.torch;

namespace MnistLab.Training.Inputs;

/// <summary>
/// Augments training images: each is slightly rotated, scaled, sheared, and shifted by its own random amounts.
/// Processes a whole batch at once, with bilinear interpolation; pixels from outside the image are black.
/// </summary>
/// <param name="strength">
/// The strength, at least 0. At 1, images are rotated by up to 12 degrees, scaled by up to 10%, sheared by up to 0.12,
/// and shifted by up to 2 pixels.
/// </param>
public sealed class AffineAugmentation(double strength)
{
    private const double Degrees = 12;
    private const double Scale = 0.1;
    private const double Shear = 0.12;
    private const double Pixels = 2;

    private readonly double _strength = Checked(strength);

    /// <summary>
    /// Returns augmented copies of images, float32 [N, 1, rows, columns]. Draws from TorchSharp's global random
    /// generator.
    /// </summary>
    public Tensor Apply(Tensor images)
    {
        ArgumentNullException.ThrowIfNull(images);
        return Apply(images, () => rand(5, images.shape[0]));
    }

    /// <summary>
    /// Augments the share of a batch that one worker computes, with the same random amounts for all workers' shares as
    /// in the whole batch.
    /// </summary>
    internal Tensor Apply(Tensor images, BatchShare share, Generator generator) =>
        Apply(images, () => rand(5, share.Total, generator: generator).narrow(1, share.First, share.Count));

    private Tensor Apply(Tensor images, Func<Tensor> draw)
    {
        using var scope = NewDisposeScope();
        // Five numbers per image, each in [-1, 1).
        var random = Add(Multiply(draw(), 2), -1);
        var angle = Multiply(random[0], Degrees * Math.PI / 180 * _strength);
        var scale = Add(Multiply(random[1], Scale * _strength), 1);
        var shear = Multiply(random[2], Shear * _strength);
        // Grid coordinates range from -1 to 1.
        var right = Multiply(random[3], Pixels * _strength * 2 / images.shape[3]);
        var down = Multiply(random[4], Pixels * _strength * 2 / images.shape[2]);
        var (cos, sin) = (angle.cos() * scale, angle.sin() * scale);
        var first = stack([cos, (cos * shear) - sin, right], 1);
        var second = stack([sin, Add(sin * shear, cos), down], 1);
        var grid = nn.functional.affine_grid(stack([first, second], 1), images.shape, align_corners: false);
        return nn.functional
            .grid_sample(images, grid, GridSampleMode.Bilinear, GridSamplePaddingMode.Zeros, align_corners: false)
            .MoveToOuterDisposeScope();
    }

    private static double Checked(double strength)
    {
        NumberRange.Validate(strength >= 0 && double.IsFinite(strength), strength, "a number of at least 0, such as 1");
        return strength;
    }
}
