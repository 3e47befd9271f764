using System.Globalization;
using MnistLab.Data.Datasets;
using MnistLab.Data.Images;
using MnistLab.Training.EventLog;
using MnistLab.Training.Results;
using static TorchSharp.torch;

namespace MnistLab.Training;

/// <summary>Writes images to the event log of a run: training samples, and misclassified validation images.</summary>
internal static class ImageSummaries
{
    private const int Most = 50;

    /// <summary>Writes up to 50 images at even intervals in the training set.</summary>
    public static void Samples(EventLogWriter events, ImageDataset training, long step) =>
        Write(events, "samples", training, [.. Enumerable
            .Range(0, Math.Min(Most, training.Count))
            .Select(i => (int)((long)i * training.Count / Math.Min(Most, training.Count)))], step);

    /// <summary>
    /// Writes up to 50 misclassified validation images, the most confident mistake first, and a table of their labels
    /// and predictions.
    /// </summary>
    public static void Mistakes(EventLogWriter events, nn.Module<Tensor, Tensor> network, ImageDataset validation, long step)
    {
        var evaluation = Evaluation.Compute(network, validation);
        var mistakes = evaluation.Mistakes;
        if (mistakes.Count == 0) return;
        Write(events, "misclassified", validation, [.. mistakes.Take(Most)], step);
        var rows = mistakes.Take(Most).Select(i => string.Create(
            CultureInfo.InvariantCulture,
            $"| {validation.LabelName(i)} | {evaluation.PredictedName(i)} | {evaluation.Confidences.Span[i]:F3} |"));
        events.Text(
            "misclassified",
            $"{mistakes.Count} of {validation.Count}\n\n| label | taken for | probability |\n|---|---|---|\n{string.Join('\n', rows)}",
            step);
    }

    private static void Write(EventLogWriter events, string tag, ImageDataset set, IReadOnlyList<int> digits, long step)
    {
        var (png, width, height) = ImageGrid.ToPng(set, digits);
        events.Image(tag, png, width, height, step);
    }
}
