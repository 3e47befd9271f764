using MnistLab.Data.Datasets;
using MnistLab.Training.Inputs;
using MnistLab.Training.Networks;
using MnistLab.Training.Onnx;
using static TorchSharp.torch;

namespace MnistLab.Training;

/// <summary>Represents a network and its training options: a combination that works well as a starting point.</summary>
/// <param name="Model">The network's name.</param>
/// <param name="CreateNetwork">
/// Creates the network with newly initialized weights for a kind of image. The network maps images, float32
/// [N, 1, 28, 28] in [0, 1], to logits, float32 [N, classes].
/// </param>
/// <param name="Optimizer">The optimizer's name.</param>
/// <param name="LearningRate">The learning rate; for a one-cycle schedule, its maximum.</param>
/// <param name="BatchSize">The number of samples per step.</param>
/// <param name="Epochs">The number of passes over the training set; may be fractional.</param>
/// <param name="WeightDecay">The weight-decay coefficient, which pulls weights toward zero.</param>
/// <param name="Augmentation">The strength of the <see cref="AffineAugmentation"/>; 0 for none.</param>
/// <param name="IsOneCycle">Whether the learning rate follows a one-cycle schedule; otherwise it is constant.</param>
/// <param name="LabelSmoothing">The label-smoothing factor used in training, in [0, 1).</param>
public sealed record ModelPreset(
    string Model,
    Func<ImageKind, nn.Module<Tensor, Tensor>> CreateNetwork,
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

    /// <summary>Initializes a preset whose network is the same for every kind of image.</summary>
    /// <param name="Model">The network's name.</param>
    /// <param name="CreateNetwork">
    /// Creates the network with newly initialized weights. The network maps images, float32 [N, 1, 28, 28] in [0, 1],
    /// to logits, float32 [N, classes].
    /// </param>
    /// <param name="Optimizer">The optimizer's name.</param>
    /// <param name="LearningRate">The learning rate; for a one-cycle schedule, its maximum.</param>
    /// <param name="BatchSize">The number of samples per step.</param>
    /// <param name="Epochs">The number of passes over the training set; may be fractional.</param>
    /// <param name="WeightDecay">The weight-decay coefficient, which pulls weights toward zero.</param>
    /// <param name="Augmentation">The strength of the <see cref="AffineAugmentation"/>; 0 for none.</param>
    /// <param name="IsOneCycle">
    /// Whether the learning rate follows a one-cycle schedule; otherwise it is constant.
    /// </param>
    /// <param name="LabelSmoothing">The label-smoothing factor used in training, in [0, 1).</param>
    public ModelPreset(
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
        : this(
            Model,
            _ => CreateNetwork(),
            Optimizer,
            LearningRate,
            BatchSize,
            Epochs,
            WeightDecay,
            Augmentation,
            IsOneCycle,
            LabelSmoothing)
    {
    }

    /// <summary>
    /// Gets the preset of the tutorial: softmax regression, trained for slightly less than one epoch.
    /// </summary>
    public static ModelPreset Softmax { get; } = new(
        DigitModels.Softmax, DigitModels.SoftmaxRegression, "sgd", 0.01, 50, 50_000.0 / 55_000, IsOneCycle: false);

    /// <summary>Gets the preset of LeNet-5.</summary>
    public static ModelPreset LeNet { get; } = new(DigitModels.LeNet, DigitModels.LeNet5, "adamw", 0.003, 96, 3, 1e-4);

    /// <summary>Gets the preset that reaches an accuracy of 99% in the shortest time.</summary>
    public static ModelPreset Fast { get; } = new(
        DigitModels.Fast, DigitModels.FastNetwork, "adamw", 0.015, 96, 1.5, 1e-4, LabelSmoothing: 0.05);

    /// <summary>
    /// Gets the preset with the fewest errors: a larger network, trained on augmented images. Its augmentation and
    /// label smoothing were chosen by cross-validation.
    /// </summary>
    public static ModelPreset Best { get; } = new(
        DigitModels.Best, DigitModels.BestNetwork, "adamw", 0.006, 128, 12, 1e-2, 1, LabelSmoothing: 0.1);

    /// <summary>Gets the presets of the library: those of <see cref="ModelPresets.Default"/>.</summary>
    public static IReadOnlyList<ModelPreset> All => ModelPresets.Default.All;

    /// <summary>Gets the layer types that an export of the network can write.</summary>
    public OnnxLayers Layers { get; init; } = OnnxLayers.Default;

    /// <summary>Returns the library's preset with the specified name.</summary>
    /// <exception cref="ArgumentException">There is no preset of that name.</exception>
    public static ModelPreset Find(string model) => ModelPresets.Default.Find(model);

    /// <summary>
    /// Returns the number of training steps for a training set. <see cref="Epochs"/> is meant for MNIST's 55,000
    /// training images. A smaller set needs more epochs, so the number of steps is at least 1,000, or the number of
    /// steps on MNIST if that is lower.
    /// </summary>
    /// <param name="samples">The size of the training set.</param>
    public long Steps(int samples) => Math.Max(StepsOfEpochs(samples), Math.Min(MinSteps, StepsOfEpochs(MnistTrainingSamples)));

    /// <summary>Creates the network with newly initialized weights, and the loss to minimize.</summary>
    /// <param name="kind">What the images show; digits if null.</param>
    public ModelSpec CreateModel(ImageKind? kind = null) =>
        ModelSpec.Classifier(CreateNetwork(kind ?? ImageKind.Digits), LabelSmoothing) with { Layers = Layers };

    /// <summary>
    /// Creates the optimizer and its learning-rate schedule for a run of the specified number of steps.
    /// </summary>
    public OptimizerFn OptimizerFor(long steps) => OptimizerOf(
        Optimizer,
        IsOneCycle ? LearningRateSchedule.OneCycle(LearningRate, steps) : LearningRateSchedule.Constant(LearningRate),
        WeightDecay);

    /// <summary>Gets the augmentation of the training images; null for none.</summary>
    public AffineAugmentation? Augmenter => Augmentation > 0 ? new AffineAugmentation(Augmentation) : null;

    /// <summary>Creates an optimizer with the values that all presets share.</summary>
    internal static OptimizerFn OptimizerOf(string name, LearningRateSchedule learningRate, double weightDecay) =>
        Mox.GetOptimizerFn(name, learningRate, weightDecay, beta2: 0.99);

    private long StepsOfEpochs(int samples) => Math.Max(1, (long)Math.Round(Epochs * (samples / BatchSize)));
}
