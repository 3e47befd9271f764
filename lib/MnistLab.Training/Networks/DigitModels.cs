using MnistLab.Data.Datasets;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MnistLab.Training.Networks;

/// <summary>
/// Provides the networks of this course. Each maps images, float32 [N, 1, 28, 28] in [0, 1] (white ink on black), to
/// logits, float32 [N, classes]: one score per class, which softmax converts to probabilities. By default, the images
/// are MNIST's ten digits.
/// </summary>
public static class DigitModels
{
    /// <summary>The name of the tutorial's model, which has one linear layer.</summary>
    public const string Softmax = "softmax";

    /// <summary>The name of LeNet-5, the network with which MNIST became known.</summary>
    public const string LeNet = "lenet";

    /// <summary>The name of a small convolutional network, designed for fast training.</summary>
    public const string Fast = "fast";

    /// <summary>The name of a larger convolutional network, designed for the fewest errors.</summary>
    public const string Best = "best";

    /// <summary>Gets the names that <see cref="Create"/> accepts.</summary>
    public static IReadOnlyList<string> Names { get; } = [Softmax, LeNet, Fast, Best];

    /// <summary>
    /// Creates a network by name. Its weights are newly initialized with TorchSharp's global random generator.
    /// </summary>
    /// <param name="name">The name of the network.</param>
    /// <param name="kind">What the images show; digits if null.</param>
    /// <exception cref="ArgumentException">There is no network of that name.</exception>
    public static Sequential Create(string name, ImageKind? kind = null) => name switch
    {
        Softmax => SoftmaxRegression(kind),
        LeNet => LeNet5(kind),
        Fast => FastNetwork(kind),
        Best => BestNetwork(kind),
        _ => throw new ArgumentException($"There is no model '{name}'. The models are: {string.Join(", ", Names)}.", nameof(name)),
    };

    /// <summary>
    /// Creates a softmax regression, 784 → 10, with all weights initialized to zero: the score of each digit is a
    /// weighted sum of the pixels. 7,850 parameters.
    /// </summary>
    /// <param name="kind">What the images show; digits if null.</param>
    public static Sequential SoftmaxRegression(ImageKind? kind = null)
    {
        var linear = nn.Linear(784, Classes(kind));
        nn.init.zeros_(linear.weight);
        nn.init.zeros_(linear.bias);
        return nn.Sequential(
            ("flatten", nn.Flatten()),
            ("linear", linear));
    }

    /// <summary>
    /// Creates LeNet-5 (Y. LeCun, L. Bottou, Y. Bengio, P. Haffner, 1998) with modern components: ReLU and max pooling
    /// instead of sigmoid functions and average pooling, and each channel of the second convolution uses all channels
    /// of the first. 61,706 parameters.
    /// </summary>
    /// <param name="kind">What the images show; digits if null.</param>
    public static Sequential LeNet5(ImageKind? kind = null) => nn.Sequential(
        ("normalize", new NormalizePixels(kind)),
        ("conv1", nn.Conv2d(1, 6, kernel_size: 5, padding: 2)),
        ("relu1", nn.ReLU()),
        ("pool1", nn.MaxPool2d(2)),
        ("conv2", nn.Conv2d(6, 16, kernel_size: 5)),
        ("relu2", nn.ReLU()),
        ("pool2", nn.MaxPool2d(2)),
        ("flatten", nn.Flatten()),
        ("hidden1", nn.Linear(16 * 5 * 5, 120)),
        ("relu3", nn.ReLU()),
        ("hidden2", nn.Linear(120, 84)),
        ("relu4", nn.ReLU()),
        ("output", nn.Linear(84, Classes(kind))));

    /// <summary>
    /// Creates a fast network: a 6×6 convolution with stride 3 (16 channels) and a 3×3 convolution (32 channels), each
    /// with batch normalization, and a hidden layer of 48 units. 0.26 million multiply-adds per image. The convolutions
    /// use no padding, which saves time, because the border of a digit's image is black. 61,114 parameters.
    /// </summary>
    /// <param name="kind">What the images show; digits if null.</param>
    public static Sequential FastNetwork(ImageKind? kind = null) => nn.Sequential(
        ("normalize", new NormalizePixels(kind)),
        ("conv1", nn.Conv2d(1, 16, kernel_size: 6, stride: 3, bias: false)),
        ("norm1", nn.BatchNorm2d(16)),
        ("relu1", nn.ReLU()),
        ("conv2", nn.Conv2d(16, 32, kernel_size: 3, bias: false)),
        ("norm2", nn.BatchNorm2d(32)),
        ("relu2", nn.ReLU()),
        ("flatten", nn.Flatten()),
        ("hidden", nn.Linear(32 * 6 * 6, 48)),
        ("relu3", nn.ReLU()),
        ("output", nn.Linear(48, Classes(kind))));

    /// <summary>
    /// Creates a more accurate network: five 3×3 convolutions (16, 32, 48, 64, and 96 channels), the second and fourth
    /// with stride 2, followed by a linear layer. 4.6 million multiply-adds per image. The first two use no padding,
    /// because the border of a digit's image is black. The first has no batch normalization, which at that size would
    /// cost as much as the convolution itself. 117,386 parameters.
    /// </summary>
    /// <param name="kind">What the images show; digits if null.</param>
    public static Sequential BestNetwork(ImageKind? kind = null) => nn.Sequential(
        ("normalize", new NormalizePixels(kind)),
        ("conv1", nn.Conv2d(1, 16, kernel_size: 3)),
        ("relu1", nn.ReLU()),
        ("conv2", nn.Conv2d(16, 32, kernel_size: 3, stride: 2, bias: false)),
        ("norm2", nn.BatchNorm2d(32)),
        ("relu2", nn.ReLU()),
        ("conv3", nn.Conv2d(32, 48, kernel_size: 3, padding: 1, bias: false)),
        ("norm3", nn.BatchNorm2d(48)),
        ("relu3", nn.ReLU()),
        ("conv4", nn.Conv2d(48, 64, kernel_size: 3, stride: 2, padding: 1, bias: false)),
        ("norm4", nn.BatchNorm2d(64)),
        ("relu4", nn.ReLU()),
        ("conv5", nn.Conv2d(64, 96, kernel_size: 3, bias: false)),
        ("norm5", nn.BatchNorm2d(96)),
        ("relu5", nn.ReLU()),
        ("flatten", nn.Flatten()),
        ("dropout", nn.Dropout(0.35)),
        ("output", nn.Linear(96 * 4 * 4, Classes(kind))));

    private static int Classes(ImageKind? kind) => (kind ?? ImageKind.Digits).Classes;
}
