using System.Globalization;
using System.Numerics;
using MnistLab.Serving.Requests;

namespace MnistLab.Serving.Protocols.Tensors;

/// <summary>
/// Validates the range of pixels. A model that was trained on values from 0 to 1 but receives 0 to 255 predicts
/// nonsense with high confidence.
/// </summary>
internal static class PixelRange
{
    // Rounding during resampling may exceed the range by this much.
    private const float Tolerance = 1e-3f;

    /// <exception cref="RequestRejectedException">A pixel is outside [0, 1], or not a number.</exception>
    public static void Check(ReadOnlySpan<float> pixels)
    {
        // Vectorized while all pixels are valid; the scalar loop then finds the invalid one for the message.
        var (least, most) = (new Vector<float>(-Tolerance), new Vector<float>(1 + Tolerance));
        while (pixels.Length >= Vector<float>.Count)
        {
            var some = new Vector<float>(pixels);
            if (!(Vector.GreaterThanOrEqualAll(some, least) && Vector.LessThanOrEqualAll(some, most))) break;
            pixels = pixels[Vector<float>.Count..];
        }

        foreach (var pixel in pixels)
        {
            if (pixel is >= -Tolerance and <= 1 + Tolerance) continue;
            throw TensorErrors.Malformed(
                $"Pixels must be numbers from 0 (background) to 1 (ink), but one is {pixel.ToString(CultureInfo.InvariantCulture)}. Divide bytes by 255.");
        }
    }
}
