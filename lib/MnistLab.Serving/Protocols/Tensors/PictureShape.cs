using System.Globalization;
using MnistLab.Models;
using MnistLab.Serving.Requests;

namespace MnistLab.Serving.Protocols.Tensors;

/// <summary>
/// Validates the shapes of images: 28 × 28 or 784 pixels, optionally with a channel dimension of size 1.
/// </summary>
internal static class PictureShape
{
    /// <summary>
    /// Returns whether a shape is that of one image, such as [28, 28], [784], [1, 28, 28], or [28, 28, 1].
    /// </summary>
    public static bool IsPicture(ReadOnlySpan<int> shape) => WithoutOnes(shape, stackalloc int[2]) is [28, 28] or [DigitModel.PixelCount];

    /// <summary>Returns the number of images in a batch: its first dimension.</summary>
    /// <exception cref="RequestRejectedException">The shape is not that of a batch of images, or there are too many
    /// images.</exception>
    public static int PicturesIn(ReadOnlySpan<int> shape)
    {
        if (shape.Length < 2 || !IsPicture(shape[1..]))
            throw TensorErrors.Malformed(
                $"The shape of 'images' must be [N, 1, 28, 28], [N, 28, 28], or [N, 784], but is {Describe(shape)}.");
        if (shape[0] is < 1 or > ServiceLimits.MaxImages)
            throw TensorErrors.Malformed(
                $"A request must hold 1 to {ServiceLimits.MaxImages} images, but holds {shape[0].ToString(CultureInfo.InvariantCulture)}.");
        return shape[0];
    }

    public static string Describe(ReadOnlySpan<int> shape) =>
        $"[{string.Join(", ", shape.ToArray().Select(size => size.ToString(CultureInfo.InvariantCulture)))}]";

    private static ReadOnlySpan<int> WithoutOnes(ReadOnlySpan<int> shape, Span<int> sizes)
    {
        var count = 0;
        foreach (var size in shape)
        {
            if (size == 1) continue;
            if (count == sizes.Length) return [];
            sizes[count++] = size;
        }

        return sizes[..count];
    }
}
