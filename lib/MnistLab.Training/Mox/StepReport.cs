using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace MnistLab.Training;

/// <summary>
/// What a run says of one step. As text it is a line of the job's log, and the log's lines read back as reports,
/// so that curves can be drawn from nothing but a log:
/// <c>step: 10(global step: 10) sample/sec: 42.18 loss: 3.977 accuracy: 0.188</c> and <c>[VALIDATION METRICS] step: 31 loss: 0.412 accuracy: 0.890</c>.
/// </summary>
public sealed partial class StepReport
{
    private const string ValidationMark = "[VALIDATION METRICS] ";

    /// <summary>Describes a step.</summary>
    public StepReport(long step, IReadOnlyDictionary<string, double> metrics, double? samplesPerSecond = null) =>
        (Step, Metrics, SamplesPerSecond) = (step, metrics, samplesPerSecond);

    /// <summary>The number of steps done, from 1.</summary>
    public long Step { get; }

    /// <summary>The figures by name, in the order they are logged: <c>loss</c>, then the others.</summary>
    public IReadOnlyDictionary<string, double> Metrics { get; }

    /// <summary>Training samples per second since the report before; null for a report on validation data.</summary>
    public double? SamplesPerSecond { get; }

    /// <summary>Whether the figures are those of the validation data, rather than of one training batch.</summary>
    public bool IsValidation => SamplesPerSecond is null;

    /// <summary>The mean loss.</summary>
    public double Loss => Metrics["loss"];

    /// <summary>The share of right answers, in [0, 1].</summary>
    public double Accuracy => Metrics["accuracy"];

    /// <summary>Reads a line of a log; false for a line that is no report.</summary>
    public static bool TryParse(string line, out StepReport? report)
    {
        report = null;
        var match = Line().Match(line);
        if (!match.Success) return false;
        var metrics = new Dictionary<string, double>(StringComparer.Ordinal);
        for (var i = 0; i < match.Groups["name"].Captures.Count; i++)
            metrics[match.Groups["name"].Captures[i].Value] = Number(match.Groups["value"].Captures[i].Value);
        var rate = match.Groups["rate"];
        report = new StepReport(long.Parse(match.Groups["step"].Value, CultureInfo.InvariantCulture), metrics, rate.Success ? Number(rate.Value) : null);
        return true;
    }

    /// <summary>The report as a line of the log.</summary>
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

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^(?:\[VALIDATION METRICS\] step: (?<step>\d+)|step: (?<step>\d+)\(global step: \d+\) sample/sec: (?<rate>\S+))(?: (?<name>[A-Za-z_]\w*): (?<value>\S+))+$")]
    private static partial Regex Line();
}
