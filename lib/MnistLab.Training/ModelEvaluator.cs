using MnistLab.Training.Inputs;
using MnistLab.Training.Metrics;
using MnistLab.Training.Workers;
using static TorchSharp.torch;

namespace MnistLab.Training;

/// <summary>Evaluates a model on data without changing its weights or its mode.</summary>
internal static class ModelEvaluator
{
    private const int BatchSize = 500;

    /// <summary>
    /// Returns the metrics of a whole set: means over its samples. If there are several workers, each evaluates a part,
    /// and all get the same result.
    /// </summary>
    public static StepReport Evaluate(ModelSpec model, DigitBatches data, long step, WorkerGroup? workers = null)
    {
        workers ??= WorkerGroup.Alone;
        string[] names = ["loss", .. model.LogInfo.Keys.Where(name => name != "loss")];
        var sums = new double[names.Length];
        ForEachBatch(model, data, workers, (logits, labels) =>
        {
            var metrics = Measure(model, logits, labels, model.Loss(logits, labels).item<float>());
            for (var i = 0; i < names.Length; i++) sums[i] += metrics[names[i]] * labels.shape[0];
        });
        workers.Sum(sums);
        return new StepReport(step, names.Zip(sums).ToDictionary(
            metric => metric.First, metric => metric.Second / data.Count, StringComparer.Ordinal));
    }

    /// <summary>Returns the model's outputs by name, one row for each sample.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<float[]>> Predict(ModelSpec model, DigitBatches data)
    {
        var rows = model.OutputInfo.ToDictionary(output => output.Key, _ => new List<float[]>(), StringComparer.Ordinal);
        ForEachBatch(model, data, WorkerGroup.Alone, (logits, _) =>
        {
            foreach (var (name, output) in model.OutputInfo)
            {
                var values = output(logits).to_type(ScalarType.Float32).contiguous();
                var width = (int)(values.numel() / values.shape[0]);
                rows[name].AddRange(values.data<float>().ToArray().Chunk(width));
            }
        });
        return rows.ToDictionary(row => row.Key, row => (IReadOnlyList<float[]>)row.Value, StringComparer.Ordinal);
    }

    /// <summary>Returns the metrics of one batch.</summary>
    public static Dictionary<string, double> Measure(ModelSpec model, Tensor logits, Tensor labels, double loss)
    {
        using var gradientsOff = no_grad();
        var metrics = new Dictionary<string, double>(StringComparer.Ordinal) { ["loss"] = loss };
        foreach (var (name, metric) in model.LogInfo) metrics[name] = metric(logits, labels).item<float>();
        return metrics;
    }

    private static void ForEachBatch(
        ModelSpec model, DigitBatches data, WorkerGroup workers, Action<Tensor, Tensor> work)
    {
        using var mode = new EvaluationMode(model.Network);
        using var gradientsOff = no_grad();
        foreach (var (images, labels) in data.InOrder(BatchSize, workers.Index, workers.Count))
        {
            using var disposeImages = images;
            using var disposeLabels = labels;
            using var scope = NewDisposeScope();
            work(model.Network.forward(images), labels);
        }
    }
}
