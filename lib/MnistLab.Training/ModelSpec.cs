using MnistLab.Hosting;
using MnistLab.Training.Onnx;
using static TorchSharp.torch;

namespace MnistLab.Training;

/// <summary>What a model function gives the run loop (MoXing's <c>ModelSpec</c>).</summary>
/// <param name="Network">Maps images, float32 [N, 1, 28, 28] in [0, 1], to logits, float32 [N, 10].</param>
/// <param name="Loss">What training makes small: logits [N, 10] and labels, int64 [N], to a scalar.</param>
/// <param name="LogInfo">Further figures to log, by name; same arguments as <paramref name="Loss"/>.</param>
public sealed record ModelSpec(
    nn.Module<Tensor, Tensor> Network,
    Func<Tensor, Tensor, Tensor> Loss,
    IReadOnlyDictionary<string, Func<Tensor, Tensor, Tensor>> LogInfo)
{
    /// <summary>What <see cref="RunMode.Predict"/> gives, by name: from logits, float32 [N, 10], to float32 [N, …].</summary>
    public IReadOnlyDictionary<string, Func<Tensor, Tensor>> OutputInfo { get; init; } = new Dictionary<string, Func<Tensor, Tensor>> { ["probabilities"] = logits => logits.softmax(1) };

    /// <summary>Whether the network comes with the weights to use, so that a run which does not train needs no checkpoint.</summary>
    public bool IsTrained { get; init; }

    /// <summary>Gets the kinds of layers that an export of the network can write.</summary>
    public OnnxLayers Layers { get; init; } = OnnxLayers.Default;

    /// <summary>A classifier: cross-entropy as the loss, and the share of right answers logged as <c>accuracy</c>.</summary>
    /// <param name="network">Maps images to logits, as <see cref="Network"/> does.</param>
    /// <param name="labelSmoothing">
    /// How much of the certainty is taken from the right answer and spread over all ten while the network trains, in [0, 1)
    /// (C. Szegedy and others, "Rethinking the Inception Architecture", 2016): the network need not become ever surer of what it already knows.
    /// Like dropout, it is for training only: evaluations report the plain cross-entropy.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">The smoothing is out of its range.</exception>
    public static ModelSpec Classifier(nn.Module<Tensor, Tensor> network, double labelSmoothing = 0)
    {
        NumberRange.Require(labelSmoothing is >= 0 and < 1, labelSmoothing, "a number of at least 0 and below 1");
        return new(
            network,
            (logits, labels) => nn.functional.cross_entropy(logits, labels, label_smoothing: network.training ? labelSmoothing : 0),
            new Dictionary<string, Func<Tensor, Tensor, Tensor>> { ["accuracy"] = Accuracy });
    }

    private static Tensor Accuracy(Tensor logits, Tensor labels) => logits.argmax(1).eq(labels).to_type(ScalarType.Float32).mean();
}
