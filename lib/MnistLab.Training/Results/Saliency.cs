using MnistLab.Data.Datasets;
using MnistLab.Hosting;
using MnistLab.Training.Inputs;
using MnistLab.Training.Networks;
using static TorchSharp.torch;

namespace MnistLab.Training.Results;

/// <summary>
/// Computes saliency maps: how much each pixel affects a prediction (K. Simonyan, A. Vedaldi, A. Zisserman, "Deep
/// Inside Convolutional Networks", 2013).
/// </summary>
public static class Saliency
{
    /// <summary>
    /// Computes the saliency map of an image: the absolute value of the gradient of a digit's score with respect to
    /// each pixel, scaled so that the maximum is 1.
    /// </summary>
    /// <param name="network">
    /// The network, which maps images, float32 [N, 1, 28, 28] in [0, 1], to logits, float32 [N, 10]. Its weights and
    /// mode are not changed.
    /// </param>
    /// <param name="set">The set that contains the image.</param>
    /// <param name="index">The index of the image in the set.</param>
    /// <param name="digit">The digit whose score to explain; the predicted digit if null.</param>
    /// <returns>Rows × columns values in [0, 1], in row-major order; all 0 if no pixel affects the score.</returns>
    /// <exception cref="ArgumentOutOfRangeException">
    /// <paramref name="index"/> or <paramref name="digit"/> is out of range.
    /// </exception>
    /// <exception cref="ArgumentException">The network does not accept images of that size.</exception>
    public static float[] Compute(nn.Module<Tensor, Tensor> network, ImageDataset set, int index, int? digit = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(set);
        NumberRange.Validate(index >= 0 && index < set.Count, index, FormattableString.Invariant($"at least 0 and less than {set.Count}"));
        var last = set.Kind.Classes - 1;
        if (digit is { } given)
        {
            var requirement = FormattableString.Invariant($"a digit, 0 to {last}");
            NumberRange.Validate(given >= 0 && given <= last, given, requirement, nameof(digit));
        }

        ImageInput.Validate(network, set, "evaluation");
        using var mode = new EvaluationMode(network);
        using var scope = NewDisposeScope();
        var size = set.Rows * set.Columns;
        var pixels = tensor(set.Pixels.Slice(index * size, size).ToArray(), [1, 1, set.Rows, set.Columns], ScalarType.Byte);
        var image = TensorMath.Divide(pixels.to_type(ScalarType.Float32), 255).requires_grad_();
        var logits = network.forward(image);
        // Computes only the gradient of the image; the gradients of the weights are left unchanged.
        var gradient = autograd.grad([logits[0, digit ?? (int)logits.argmax(1).item<long>()]], [image])[0].abs();
        var values = gradient.data<float>().ToArray();
        var largest = values.Max();
        return largest > 0 ? [.. values.Select(value => value / largest)] : values;
    }
}
