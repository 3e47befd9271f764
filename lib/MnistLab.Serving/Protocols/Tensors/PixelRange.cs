using System.Globalization;
using System.Numerics;
using MnistLab.Serving.Requests;

namespace MnistLab.Serving.Protocols.Tensors;

/// <summary>Pixels have to be what training had: a model that is given 0…255 where it learnt 0…1 answers nonsense with great certainty.</summary>
internal static class PixelRange
{
    // What resampling may overshoot by rounding.
    private const float Tolerance = 1e-3f;

    /// <exception cref="RequestRejectedException">A pixel is outside [0, 1], or not a number.</exception>
    public static void Check(ReadOnlySpan<float> pixels)
    {
        // Many at a time while they are what they have to be, one by one to say which is not.
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
            throw TensorErrors.Malformed($"Pixels have to be numbers from 0 (background) to 1 (ink), and one is {pixel.ToString(CultureInfo.InvariantCulture)}. Divide bytes by 255.");
        }
    }
}
