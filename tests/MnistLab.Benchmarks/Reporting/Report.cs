using System.Diagnostics;
using System.Globalization;
using MnistLab.Benchmarks.Reporting;

namespace MnistLab.Benchmarks;

/// <summary>Collects the figures of a run, and prints each as soon as it is available.</summary>
internal sealed class Report(TextWriter output)
{
    private Part? _part;

    /// <summary>Gets whether every figure meets its bar.</summary>
    public bool IsWithinLimits { get; private set; } = true;

    public void WriteHeader() =>
        output.WriteLine($"{"what, relative to its peer",-70} {"figure",22} {"bar",9}  computed from");

    /// <summary>Runs one part.</summary>
    /// <returns>The results.</returns>
    public async Task<Part> RunAsync(string name, Func<Report, Task> run)
    {
        var start = Stopwatch.GetTimestamp();
        _part = new Part(name, DateTimeOffset.UtcNow, 0, Machine.Describe());
        await run(this);
        return _part with { Seconds = Math.Round(Stopwatch.GetElapsedTime(start).TotalSeconds) };
    }

    /// <summary>Adds a ratio of times, or of memory, which may be at most <paramref name="bar"/>.</summary>
    public void AtMost(string what, Comparison measured, double bar) =>
        Add(what, measured.Ratio, measured.Ratios, true, bar, measured.ToString());

    /// <summary>
    /// Adds a throughput that must be at least <paramref name="bar"/> times the peer's: the inverse ratio of times.
    /// </summary>
    public void AtLeast(string what, Comparison measured, double bar) =>
        Add(what, 1 / measured.Ratio, [.. measured.Ratios.Select(ratio => 1 / ratio)], false, bar, measured.ToString());

    /// <summary>Adds a ratio of rates, which must be at least <paramref name="bar"/>.</summary>
    public void AtLeastRatio(string what, Comparison measured, double bar) =>
        Add(what, measured.Ratio, measured.Ratios, false, bar, measured.ToString());

    /// <summary>Adds the deviation of a ratio from 1, which may be at most <paramref name="tolerance"/>.</summary>
    public void Near(string what, Comparison measured, double tolerance) =>
        Add($"{what}, difference", Math.Abs(measured.Ratio - 1), [], true, tolerance, measured.ToString());

    /// <summary>Adds a figure that must be at least <paramref name="bar"/>.</summary>
    public void AtLeastValue(string what, double value, double bar) => Add(what, value, [], false, bar, "");

    /// <summary>Adds a figure that may be at most <paramref name="bar"/>.</summary>
    public void AtMostValue(string what, double value, double bar, string detail) =>
        Add(what, value, [], true, bar, detail);

    /// <summary>Adds a curve whose slope on log-log axes may be at most <paramref name="bar"/>.</summary>
    public void Grows(Growth growth, double bar)
    {
        _part!.Growths.Add(growth);
        var points = growth.Points.Select(point => string.Create(
            CultureInfo.InvariantCulture, $"{point.Size:N0}: {Row.Text(point.Milliseconds)} ms"));
        Add($"{growth.What}: slope", growth.Slope, [], true, bar, string.Join(", ", points));
    }

    /// <summary>Adds a line with details of the previous figure.</summary>
    public void Note(string text)
    {
        _part!.Notes.Add(text.Trim());
        output.WriteLine(text);
    }

    /// <summary>Records that something was not measured, and why.</summary>
    public void Skip(string what, string reason) => Note($"{what}: not measured, {reason}");

    private void Add(
        string what, double value, IReadOnlyList<double> rounds, bool isCeiling, double bar, string detail)
    {
        var sorted = rounds.Order().ToList();
        var hasSpread = sorted.Count > 2;
        var row = new Row(
            what,
            hasSpread ? sorted[sorted.Count / 2] : value,
            hasSpread ? sorted[sorted.Count / 4] : null,
            hasSpread ? sorted[sorted.Count * 3 / 4] : null,
            isCeiling, bar, detail);
        _part!.Rows.Add(row);
        IsWithinLimits &= row.IsMet;
        var mark = row.IsMet ? "" : "  SHORT";
        output.WriteLine($"{what,-70} {row.ValueText,22} {row.BarText,9}  {detail}{mark}");
    }
}
