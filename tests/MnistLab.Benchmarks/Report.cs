using System.Globalization;

namespace MnistLab.Benchmarks;

/// <summary>Prints a line for each ratio, and knows whether all are within their limits.</summary>
internal sealed class Report(TextWriter output)
{
    public bool IsWithinLimits { get; private set; } = true;

    public void WriteHeader() => output.WriteLine($"{"what, relative to its peer",-66} {"ratio",7} {"limit",8}  {"ours",12} {"peer",12}");

    /// <summary>A ratio that may be at most <paramref name="limit"/>: of times, or of memory.</summary>
    public void AtMost(string what, Comparison measured, double limit) => Write(what, measured, measured.Ratio, "≤", limit, measured.Ratio <= limit);

    /// <summary>A throughput that has to be at least <paramref name="limit"/> of the peer's: the ratio of the times turned round.</summary>
    public void AtLeast(string what, Comparison measured, double limit) => Write(what, measured, 1 / measured.Ratio, "≥", limit, 1 / measured.Ratio >= limit);

    /// <summary>A figure that has to be at least <paramref name="limit"/>.</summary>
    public void AtLeastValue(string what, double value, double limit)
    {
        IsWithinLimits &= value >= limit;
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what,-66} {value,7:F2} ≥ {limit,5:F2}{(value >= limit ? "" : "  below the limit")}"));
    }

    /// <summary>A ratio that must not differ from 1 by more than <paramref name="tolerance"/>.</summary>
    public void Near(string what, Comparison measured, double tolerance) =>
        Write(what, measured, measured.Ratio, "±", tolerance, Math.Abs(measured.Ratio - 1) <= tolerance);

    /// <summary>A line that says more about the one before.</summary>
    public void Note(string text) => output.WriteLine(text);

    public void Skip(string what, string reason) => output.WriteLine($"{what}: not measured, {reason}");

    private void Write(string what, Comparison measured, double ratio, string relation, double limit, bool isWithin)
    {
        IsWithinLimits &= isWithin;
        var mark = isWithin ? "" : "  over the limit";
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what,-66} {ratio,7:F3} {relation} {limit,5:F2}  {measured.Ours,12:N1} {measured.Peer,12:N1} {measured.Unit}{mark}"));
    }
}
