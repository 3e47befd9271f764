using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MnistLab.Training;

/// <summary>
/// The networks of this course. Each maps images, float32 [N, 1, 28, 28] in [0, 1] (white ink on black), to logits, float32 [N, 10]:
/// one score per digit, which softmax turns into probabilities.
/// </summary>
public static class DigitModels
{
    /// <summary>The tutorial's model: one linear layer.</summary>
    public const string Softmax = "softmax";

    /// <summary>A small convolutional network.</summary>
    public const string Convolutional = "convolutional";

    /// <summary>The names that <see cref="Create"/> knows.</summary>
    public static IReadOnlyList<string> Names { get; } = [Softmax, Convolutional];

    /// <summary>Creates a network by its name, with fresh weights drawn from TorchSharp's global random generator.</summary>
    /// <exception cref="ArgumentException">There is no network of that name.</exception>
    public static Sequential Create(string name) => name switch
    {
        Softmax => SoftmaxRegression(),
        Convolutional => ConvolutionalNetwork(),
        _ => throw new ArgumentException($"There is no model '{name}'. The models are: {string.Join(", ", Names)}.", nameof(name)),
    };

    /// <summary>
    /// Softmax regression, 784 → 10, all weights zero at the start: each digit's score is a weighted sum of the pixels.
    /// 7,850 parameters.
    /// </summary>
    public static Sequential SoftmaxRegression()
    {
        var linear = nn.Linear(784, 10);
        nn.init.zeros_(linear.weight);
        nn.init.zeros_(linear.bias);
        return nn.Sequential(
            ("flatten", nn.Flatten()),
            ("linear", linear));
    }

    /// <summary>
    /// Two strided 5×5 convolutions (8 and 24 channels), each with batch normalisation, then 64 hidden units: 0.35 million multiply-adds an image.
    /// About 81,000 parameters.
    /// </summary>
    public static Sequential ConvolutionalNetwork() => nn.Sequential(
        ("normalize", new NormalizePixels()),
        ("conv1", nn.Conv2d(1, 8, kernel_size: 5, stride: 2, padding: 2, bias: false)),
        ("norm1", nn.BatchNorm2d(8)),
        ("relu1", nn.ReLU()),
        ("conv2", nn.Conv2d(8, 24, kernel_size: 5, stride: 2, padding: 2, bias: false)),
        ("norm2", nn.BatchNorm2d(24)),
        ("relu2", nn.ReLU()),
        ("flatten", nn.Flatten()),
        ("hidden", nn.Linear(24 * 7 * 7, 64)),
        ("relu3", nn.ReLU()),
        ("output", nn.Linear(64, 10)));
}
