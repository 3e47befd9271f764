using System.Globalization;
using System.Text;

namespace MnistLab.Training.Metrics;

/// <summary>
/// Represents the metrics of a step. Its text form is a line of the log with three decimal places, such as <c>step:
/// 10(global step: 10) sample/sec: 42.18 loss: 3.977 accuracy: 0.188</c> or <c>[VALIDATION METRICS] step: 31 loss:
/// 0.412 accuracy: 0.890</c>; <see cref="MetricsLog"/> stores the metrics in full precision.
/// </summary>
public sealed class StepReport
{
    private const string ValidationMark = "[VALIDATION METRICS] ";

    /// <summary>Initializes a new instance of the <see cref="StepReport"/> class.</summary>
    public StepReport(long step, IReadOnlyDictionary<string, double> metrics, double? samplesPerSecond = null) =>
        (Step, Metrics, SamplesPerSecond) = (step, metrics, samplesPerSecond);

    /// <summary>Gets the number of completed steps.</summary>
    public long Step { get; }

    /// <summary>
    /// Gets the metrics by name, in the order in which they are logged: <c>loss</c>, then the others.
    /// </summary>
    public IReadOnlyDictionary<string, double> Metrics { get; }

    /// <summary>
    /// Gets the training samples per second since the previous report; null for a report on validation data.
    /// </summary>
    public double? SamplesPerSecond { get; }

    /// <summary>Gets whether the metrics are for the validation data rather than for a training batch.</summary>
    public bool IsValidation => SamplesPerSecond is null;

    /// <summary>Gets the mean loss.</summary>
    public double Loss => Metrics["loss"];

    /// <summary>Gets the fraction of correct predictions, in [0, 1].</summary>
    public double Accuracy => Metrics["accuracy"];

    /// <summary>Returns the report as a line of the log.</summary>
    public override string ToString()
    {
        var line = new StringBuilder();
        if (SamplesPerSecond is { } rate)
            line.Append(CultureInfo.InvariantCulture, $"step: {Step}(global step: {Step}) sample/sec: {rate:F2}");
        else
            line.Append(CultureInfo.InvariantCulture, $"{ValidationMark}step: {Step}");
        foreach (var (name, value) in Metrics) line.Append(CultureInfo.InvariantCulture, $" {name}: {value:F3}");
        return line.ToString();
    }
}
