using MnistLab.Data.Datasets;
using MnistLab.Hosting;
using MnistLab.Training.Inputs;
using MnistLab.Training.Networks;
using static TorchSharp.torch;

namespace MnistLab.Training.Results;

/// <summary>Which pixels a prediction hangs on (K. Simonyan, A. Vedaldi, A. Zisserman, "Deep Inside Convolutional Networks", 2013).</summary>
public static class Saliency
{
    /// <summary>How strongly each pixel of an image, changed a little, would change a digit's score: the gradient's absolute value, scaled so that the largest is 1.</summary>
    /// <param name="network">Maps images, float32 [N, 1, 28, 28] in [0, 1], to logits, float32 [N, 10]. Its weights and its mode stay as they are.</param>
    /// <param name="set">The set that has the image.</param>
    /// <param name="index">The image's position in it.</param>
    /// <param name="digit">The digit whose score it is about; the predicted one if null.</param>
    /// <returns>Rows × columns numbers in [0, 1], row after row; all 0 where no pixel counts.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such image, or no such digit.</exception>
    /// <exception cref="ArgumentException">The network does not accept images of that size.</exception>
    public static float[] Of(nn.Module<Tensor, Tensor> network, DigitSet set, int index, int? digit = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(set);
        NumberRange.Require(index >= 0 && index < set.Count, index, FormattableString.Invariant($"at least 0 and less than {set.Count}"));
        if (digit is { } given) NumberRange.Require(given is >= 0 and < DigitSet.ClassCount, given, "a digit, 0 to 9", nameof(digit));
        ImageInput.Validate(network, set, "evaluation");
        using var mode = new EvaluationMode(network);
        using var scope = NewDisposeScope();
        var size = set.Rows * set.Columns;
        var pixels = tensor(set.Pixels.Slice(index * size, size).ToArray(), [1, 1, set.Rows, set.Columns], ScalarType.Byte);
        var image = TensorMath.Divide(pixels.to_type(ScalarType.Float32), 255).requires_grad_();
        var logits = network.forward(image);
        // Only this image's gradient: that of the weights stays as it is.
        var gradient = autograd.grad([logits[0, digit ?? (int)logits.argmax(1).item<long>()]], [image])[0].abs();
        var values = gradient.data<float>().ToArray();
        var largest = values.Max();
        return largest > 0 ? [.. values.Select(value => value / largest)] : values;
    }
}
