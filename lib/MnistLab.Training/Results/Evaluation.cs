using MnistLab.Data.Datasets;
using MnistLab.Training.Inputs;
using static TorchSharp.torch;

namespace MnistLab.Training.Results;

/// <summary>Represents the evaluation of a network on a set: its prediction for each image, and its accuracy.</summary>
public sealed class Evaluation
{
    private const int Batch = 500;
    private readonly byte[] _predictions;
    private readonly float[] _confidences;

    private Evaluation(ImageDataset set, byte[] predictions, float[] confidences)
    {
        Set = set;
        (_predictions, _confidences) = (predictions, confidences);
        Confusion = new ConfusionMatrix(set.Labels.Span, predictions, set.Kind.Classes);
    }

    /// <summary>Gets the digits.</summary>
    public ImageDataset Set { get; }

    /// <summary>Gets the predicted digit of each image.</summary>
    public ReadOnlyMemory<byte> Predictions => _predictions;

    /// <summary>Returns the name of the predicted class of an image.</summary>
    public string PredictedName(int index) => Set.Kind.ClassNames[_predictions[index]];

    /// <summary>
    /// Gets the probability that the network assigns to its prediction, for each image, in [1 / classes, 1].
    /// </summary>
    public ReadOnlyMemory<float> Confidences => _confidences;

    /// <summary>Gets the confusion matrix.</summary>
    public ConfusionMatrix Confusion { get; }

    /// <summary>Gets the fraction of correct predictions, in [0, 1].</summary>
    public double Accuracy => Confusion.Accuracy;

    /// <summary>Gets the indices of the misclassified images, the most confident mistake first.</summary>
    public IReadOnlyList<int> Mistakes => [.. Enumerable.Range(0, Set.Count)
        .Where(i => _predictions[i] != Set.Label(i))
        .OrderByDescending(i => _confidences[i])];

    /// <summary>Evaluates a network without changing its weights or its mode.</summary>
    /// <param name="network">
    /// The network, which maps images, float32 [N, 1, 28, 28] in [0, 1], to logits, float32 [N, 10].
    /// </param>
    /// <param name="set">The digits to recognize.</param>
    /// <exception cref="ArgumentException">There are no digits, or the network does not accept their size.</exception>
    public static Evaluation Compute(nn.Module<Tensor, Tensor> network, ImageDataset set)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(set);
        ImageInput.Validate(network, set, "evaluation");
        var predictions = new byte[set.Count];
        var confidences = new float[set.Count];
        using (new EvaluationMode(network))
        using (no_grad())
        using (var data = new DigitBatches(set))
        {
            var done = 0;
            foreach (var (images, labels) in data.InOrder(Batch))
            {
                using var disposeImages = images;
                using var disposeLabels = labels;
                using var scope = NewDisposeScope();
                var (best, index) = nn.functional.softmax(network.forward(images), 1).max(1);
                best.data<float>().CopyTo(confidences, done);
                index.to_type(ScalarType.Byte).data<byte>().CopyTo(predictions, done);
                done += (int)best.shape[0];
            }
        }

        return new Evaluation(set, predictions, confidences);
    }
}
