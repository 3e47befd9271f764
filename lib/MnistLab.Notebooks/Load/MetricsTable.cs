using System.Globalization;
using Microsoft.Data.Analysis;

namespace MnistLab.Notebooks;

/// <summary>What a service counts, from the text that Prometheus collects (text format 0.0.4).</summary>
public static class MetricsTable
{
    /// <summary>A row per number that is not zero, without the buckets of histograms: <c>metric</c>, its <c>value</c>, its <c>labels</c>.</summary>
    /// <param name="text">The answer of <c>GET /metrics</c>.</param>
    public static DataFrame Of(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var rows = text.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Where(line => !line.StartsWith('#'))
            .Select(Read)
            .Where(row => row.Value != 0 && !row.Name.EndsWith("_bucket", StringComparison.Ordinal))
            .ToList();
        return new DataFrame(
            new StringDataFrameColumn("metric", rows.Select(row => row.Name)),
            new DoubleDataFrameColumn("value", rows.Select(row => row.Value)),
            new StringDataFrameColumn("labels", rows.Select(row => row.Labels)));
    }

    private static (string Name, string Labels, double Value) Read(string line)
    {
        var end = line.LastIndexOf(' ');
        var (name, brace) = (line[..Math.Max(0, end)], line.IndexOf('{', StringComparison.Ordinal));
        if (end < 0 || !double.TryParse(line[(end + 1)..].Replace("+Inf", "Infinity", StringComparison.Ordinal), NumberStyles.Float, CultureInfo.InvariantCulture, out var value))
            throw new FormatException($"'{line}' is no line of metrics: it has to end with a number.");
        return brace < 0 ? (name, "", value) : (name[..brace], name[(brace + 1)..].TrimEnd('}').Replace("\"", "", StringComparison.Ordinal), value);
    }
}
