using static TorchSharp.torch;

namespace MnistLab.Training;

/// <summary>Evaluates a model on data, without changing its weights or its mode.</summary>
internal static class ModelEvaluator
{
    private const int BatchSize = 500;

    /// <summary>Returns the metrics of a whole set: means over its samples.</summary>
    public static StepReport Evaluate(ModelSpec model, DigitBatches data, long step)
    {
        var sums = new Dictionary<string, double>(StringComparer.Ordinal);
        ForEachBatch(model, data, (logits, labels) =>
        {
            foreach (var (name, value) in Measure(model, logits, labels, model.Loss(logits, labels).item<float>()))
                sums[name] = sums.GetValueOrDefault(name) + (value * labels.shape[0]);
        });
        return new StepReport(step, sums.ToDictionary(sum => sum.Key, sum => sum.Value / data.Count, StringComparer.Ordinal));
    }

    /// <summary>Returns the outputs for each sample, by name.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<float[]>> Predict(ModelSpec model, DigitBatches data)
    {
        var rows = model.OutputInfo.ToDictionary(output => output.Key, _ => new List<float[]>(), StringComparer.Ordinal);
        ForEachBatch(model, data, (logits, _) =>
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

    private static void ForEachBatch(ModelSpec model, DigitBatches data, Action<Tensor, Tensor> work)
    {
        using var mode = new EvaluationMode(model.Network);
        using var gradientsOff = no_grad();
        foreach (var (images, labels) in data.InOrder(BatchSize))
        {
            using var disposeImages = images;
            using var disposeLabels = labels;
            using var scope = NewDisposeScope();
            work(model.Network.forward(images), labels);
        }
    }
}
