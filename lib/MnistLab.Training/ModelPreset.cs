using MnistLab.Training.Inputs;
using MnistLab.Training.Networks;
using MnistLab.Training.Onnx;
using static TorchSharp.torch;

namespace MnistLab.Training;

/// <summary>A network and how to train it: options that go well together, to begin with and to change.</summary>
/// <param name="Model">The network's name.</param>
/// <param name="CreateNetwork">
/// Creates the network with fresh weights: maps images, float32 [N, 1, 28, 28] in [0, 1], to logits, float32 [N, 10].
/// </param>
/// <param name="Optimizer">The optimizer's name.</param>
/// <param name="LearningRate">The learning rate; the highest one of a one-cycle schedule.</param>
/// <param name="BatchSize">Samples per step.</param>
/// <param name="Epochs">How often the training set is gone through.</param>
/// <param name="WeightDecay">The pull of weights towards zero.</param>
/// <param name="Augmentation">The strength of the <see cref="AffineAugmentation"/>; 0 for none.</param>
/// <param name="IsOneCycle">Whether the learning rate goes up and down once; else it stays.</param>
/// <param name="LabelSmoothing">How much of the certainty is taken from the right answer while training, in [0, 1).</param>
public sealed record ModelPreset(
    string Model,
    Func<nn.Module<Tensor, Tensor>> CreateNetwork,
    string Optimizer,
    double LearningRate,
    int BatchSize,
    double Epochs,
    double WeightDecay = 0,
    double Augmentation = 0,
    bool IsOneCycle = true,
    double LabelSmoothing = 0)
{
    private const int MnistTrainingSamples = 55_000;
    private const long MinSteps = 1000;

    /// <summary>The tutorial's model and options, which stop before one epoch is over.</summary>
    public static ModelPreset Softmax { get; } = new(DigitModels.Softmax, DigitModels.SoftmaxRegression, "sgd", 0.01, 50, 50_000.0 / 55_000, IsOneCycle: false);

    /// <summary>LeNet-5.</summary>
    public static ModelPreset LeNet { get; } = new(DigitModels.LeNet, DigitModels.LeNet5, "adamw", 0.003, 96, 3, 1e-4);

    /// <summary>99 % as soon as possible.</summary>
    public static ModelPreset Fast { get; } = new(DigitModels.Fast, DigitModels.FastNetwork, "adamw", 0.015, 96, 1.5, 1e-4, LabelSmoothing: 0.05);

    /// <summary>The fewest mistakes: more arithmetic, and augmented pictures. Its augmentation and smoothing are those of the fewest mistakes in cross-validation.</summary>
    public static ModelPreset Best { get; } = new(DigitModels.Best, DigitModels.BestNetwork, "adamw", 0.006, 128, 12, 1e-2, 1, LabelSmoothing: 0.1);

    /// <summary>Gets the presets of the library, <see cref="ModelPresets.Default"/>.</summary>
    public static IReadOnlyList<ModelPreset> All => ModelPresets.Default.All;

    /// <summary>Gets the kinds of layers that an export of the network can write.</summary>
    public OnnxLayers Layers { get; init; } = OnnxLayers.Default;

    /// <summary>Returns the preset of a network of the library.</summary>
    /// <exception cref="ArgumentException">There is no preset of that name.</exception>
    public static ModelPreset Of(string model) => ModelPresets.Default.Find(model);

    /// <summary>
    /// Returns the number of training steps for a training set. The epochs are meant for MNIST's 55,000 training images; a smaller set
    /// needs more of them, so the number of steps is at least 1,000, or what it is on MNIST if that is less.
    /// </summary>
    /// <param name="samples">The size of the training set.</param>
    public long Steps(int samples) => Math.Max(StepsOfEpochs(samples), Math.Min(MinSteps, StepsOfEpochs(MnistTrainingSamples)));

    /// <summary>The network with fresh weights, and what training makes small.</summary>
    public ModelSpec CreateModel() => ModelSpec.Classifier(CreateNetwork(), LabelSmoothing) with { Layers = Layers };

    /// <summary>What optimizes, for a number of steps.</summary>
    public OptimizerFn OptimizerFor(long steps) => OptimizerOf(
        Optimizer,
        IsOneCycle ? LearningRateSchedule.OneCycle(LearningRate, steps) : LearningRateSchedule.Constant(LearningRate),
        WeightDecay);

    /// <summary>What changes training pictures; null for nothing.</summary>
    public AffineAugmentation? Augmenter => Augmentation > 0 ? new AffineAugmentation(Augmentation) : null;

    /// <summary>Creates an optimizer the way all presets do.</summary>
    internal static OptimizerFn OptimizerOf(string name, LearningRateSchedule learningRate, double weightDecay) =>
        Mox.GetOptimizerFn(name, learningRate, weightDecay, beta2: 0.99);

    private long StepsOfEpochs(int samples) => Math.Max(1, (long)Math.Round(Epochs * (samples / BatchSize)));
}
