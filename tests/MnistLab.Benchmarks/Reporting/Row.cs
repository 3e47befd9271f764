using System.Globalization;
using System.Text.Json.Serialization;

namespace MnistLab.Benchmarks.Reporting;

/// <summary>Represents one figure of a benchmark, and the bar that it must meet.</summary>
/// <param name="What">The measured quantity, and what it is relative to.</param>
/// <param name="Value">The figure: the median of the rounds.</param>
/// <param name="Low">The lower quartile of the rounds; null if there was only one.</param>
/// <param name="High">The upper quartile of the rounds; null if there was only one.</param>
/// <param name="IsCeiling">Whether the figure may be at most the bar; otherwise it must be at least the bar.</param>
/// <param name="Bar">The bar.</param>
/// <param name="Detail">The values from which the figure was computed, with units.</param>
internal sealed record Row(
    string What, double Value, double? Low, double? High, bool IsCeiling, double Bar, string Detail)
{
    /// <summary>Gets whether the figure meets the bar.</summary>
    [JsonIgnore]
    public bool IsMet => IsCeiling ? Value <= Bar : Value >= Bar;

    /// <summary>Gets the bar with its relation, such as <c>≤ 0.45</c>.</summary>
    [JsonIgnore]
    public string BarText => $"{(IsCeiling ? '≤' : '≥')} {Text(Bar)}";

    /// <summary>Gets the figure with the quartiles of its rounds, such as <c>0.31 (0.29–0.33)</c>.</summary>
    [JsonIgnore]
    public string ValueText => Low is { } low && High is { } high ? $"{Text(Value)} ({Text(low)}–{Text(high)})" : Text(Value);

    /// <summary>Formats a number with three significant digits, but keeps all digits of its integer part.</summary>
    public static string Text(double value)
    {
        var size = Math.Abs(value);
        var decimals = size >= 100 ? "N0" : size >= 10 ? "F1" : size >= 1 ? "F2" : "F3";
        return value.ToString(Math.Abs(value - 100) < 1 ? "F2" : decimals, CultureInfo.InvariantCulture);
    }
}
