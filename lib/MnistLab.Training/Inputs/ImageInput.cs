using MnistLab.Data.Datasets;
using MnistLab.Training.Networks;
using static TorchSharp.torch;

namespace MnistLab.Training.Inputs;

/// <summary>Validates that a network can process a set of images before training or evaluation starts.</summary>
internal static class ImageInput
{
    /// <summary>
    /// Throws if there are no images, if the network does not accept their size, or if it does not return one score for
    /// each class. The network's mode is not changed.
    /// </summary>
    /// <param name="network">
    /// The network, which maps images, float32 [N, 1, rows, columns], to logits, float32 [N, classes].
    /// </param>
    /// <param name="set">The images.</param>
    /// <param name="role">The purpose of the images, such as <c>training</c>, for the message.</param>
    /// <exception cref="ArgumentException">
    /// The set is empty, or the network does not fit; the message states the purpose of the images and the reason.
    /// </exception>
    public static void Validate(nn.Module<Tensor, Tensor> network, ImageDataset set, string role)
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
        // Layers throw different exceptions for an unsupported shape.
        catch (Exception error)
        {
            var reason = error.Message.Split(['\r', '\n'], 2)[0];
            throw new ArgumentException(
                $"The {role} images have {set.Rows} × {set.Columns} pixels, which the network does not accept ({reason}). " +
                $"The networks of {nameof(DigitModels)} take 28 × 28 pixels: scale the images to that size, or use a network for theirs.",
                error);
        }

        var classes = set.Kind.Classes;
        if (shape is [1, var scores] && scores == classes) return;
        var (one, many) = set.Kind.IsDigits ? ("digit", "digits") : ("class", "classes");
        var hint = classes == ImageKind.Digits.Classes
            ? ""
            : $" For a network of {nameof(DigitModels)} or a preset, pass the Kind of the images when you create it.";
        throw new ArgumentException(
            $"The network returns a tensor of the shape [{string.Join(", ", shape)}] for one image, "
            + $"but a classifier of {classes} {many} must return [1, {classes}]: one score for each {one}. "
            + $"End it with nn.Flatten() and nn.Linear(…, {classes}).{hint}");
    }
}
