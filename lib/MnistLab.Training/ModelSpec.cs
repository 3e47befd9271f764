using MnistLab.Hosting;
using MnistLab.Training.Onnx;
using static TorchSharp.torch;

namespace MnistLab.Training;

/// <summary>Represents what a model function returns to the run loop (MoXing's <c>ModelSpec</c>).</summary>
/// <param name="Network">Maps images, float32 [N, 1, 28, 28] in [0, 1], to logits, float32 [N, 10].</param>
/// <param name="Loss">The loss to minimize: maps logits, float32 [N, 10], and labels, int64 [N], to a scalar.</param>
/// <param name="LogInfo">
/// Further metrics to log, by name; each takes the same arguments as <paramref name="Loss"/>.
/// </param>
public sealed record ModelSpec(
    nn.Module<Tensor, Tensor> Network,
    Func<Tensor, Tensor, Tensor> Loss,
    IReadOnlyDictionary<string, Func<Tensor, Tensor, Tensor>> LogInfo)
{
    /// <summary>
    /// Gets the outputs of <see cref="RunMode.Predict"/>, by name: each maps logits, float32 [N, 10], to float32 [N,
    /// …].
    /// </summary>
    public IReadOnlyDictionary<string, Func<Tensor, Tensor>> OutputInfo { get; init; } =
        new Dictionary<string, Func<Tensor, Tensor>> { ["probabilities"] = logits => logits.softmax(1) };

    /// <summary>
    /// Gets whether the network is already trained, so that a run in a mode other than <see cref="RunMode.Train"/>
    /// needs no checkpoint.
    /// </summary>
    public bool IsTrained { get; init; }

    /// <summary>Gets the layer types that an export of the network can write.</summary>
    public OnnxLayers Layers { get; init; } = OnnxLayers.Default;

    /// <summary>
    /// Creates the specification of a classifier: its loss is the cross-entropy, and its accuracy is logged as
    /// <c>accuracy</c>.
    /// </summary>
    /// <param name="network">The network, which maps images to logits as <see cref="Network"/> does.</param>
    /// <param name="labelSmoothing">
    /// The label-smoothing factor, in [0, 1): the probability that is taken from the correct class and spread evenly
    /// over all ten while the network trains (C. Szegedy and others, "Rethinking the Inception Architecture", 2016). It
    /// keeps the network from becoming overconfident. Like dropout, it applies to training only: evaluations report the
    /// plain cross-entropy.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">The label-smoothing factor is out of range.</exception>
    public static ModelSpec Classifier(nn.Module<Tensor, Tensor> network, double labelSmoothing = 0)
    {
        NumberRange.Validate(labelSmoothing is >= 0 and < 1, labelSmoothing, "a number of at least 0 and below 1");
        return new(
            network,
            (logits, labels) => nn.functional.cross_entropy(logits, labels, label_smoothing: network.training ? labelSmoothing : 0),
            new Dictionary<string, Func<Tensor, Tensor, Tensor>> { ["accuracy"] = Accuracy });
    }

    private static Tensor Accuracy(Tensor logits, Tensor labels) => logits.argmax(1).eq(labels).to_type(ScalarType.Float32).mean();
}
