using MnistLab.Data.Datasets;
using MnistLab.Training.Networks;
using static TorchSharp.torch;

namespace MnistLab.Training.Inputs;

/// <summary>Checks that a network can be trained or evaluated on a set of images, before that begins.</summary>
internal static class ImageInput
{
    /// <summary>Throws if there are no images, or if the network does not accept their size. The network's mode stays as it is.</summary>
    /// <param name="network">Maps images, float32 [N, 1, rows, columns], to logits.</param>
    /// <param name="set">The images.</param>
    /// <param name="role">What they are for, such as <c>training</c>.</param>
    /// <exception cref="ArgumentException">The set is not usable; the message says which it is and why.</exception>
    public static void Validate(nn.Module<Tensor, Tensor> network, DigitSet set, string role)
    {
        if (set.Count == 0)
            throw new ArgumentException($"There are no {role} images: the dataset is empty. Check the files, and how they are split.");
        long[] shape;
        try
        {
            using var scope = NewDisposeScope();
            using var gradientsOff = no_grad();
            using var mode = new EvaluationMode(network);
            shape = network.forward(zeros(1, 1, set.Rows, set.Columns)).shape;
        }
        // Each layer has its own way to refuse a shape.
        catch (Exception error)
        {
            var reason = error.Message.Split(['\r', '\n'], 2)[0];
            throw new ArgumentException(
                $"The {role} images have {set.Rows} × {set.Columns} pixels, which the network does not accept ({reason}). " +
                $"The networks of {nameof(DigitModels)} take 28 × 28 pixels: scale the images to that size, or use a network for theirs.",
                error);
        }

        if (shape is not [1, DigitSet.ClassCount])
        {
            throw new ArgumentException(
                $"The network returns a tensor of the shape [{string.Join(", ", shape)}] for one image, but a classifier of {DigitSet.ClassCount} digits " +
                $"must return [1, {DigitSet.ClassCount}]: one score for each digit. End it with nn.Flatten() and nn.Linear(…, {DigitSet.ClassCount}).");
        }
    }
}
