using System.Globalization;
using Microsoft.Data.Analysis;

namespace MnistLab.Notebooks;

/// <summary>
/// Converts the metrics of a service to a readable table, from the text format that Prometheus collects (version
/// 0.0.4).
/// </summary>
public static class MetricsTable
{
    private const string Total = "_total";

    /// <summary>
    /// Returns a row for each metric that is not zero: <c>metric</c>, <c>labels</c>, the <c>value</c> with its unit,
    /// and the <c>meaning</c>, which is the service's own description. For a histogram of durations, the value is the
    /// mean.
    /// </summary>
    /// <param name="text">The response to <c>GET /metrics</c>.</param>
    /// <exception cref="FormatException">A line does not end with a number.</exception>
    public static DataFrame From(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var meanings = lines.Where(line => line.StartsWith("# HELP ", StringComparison.Ordinal))
            .Select(line => line.Split(' ', 4))
            .ToDictionary(words => words[2], words => words.Length > 3 ? words[3] : "", StringComparer.Ordinal);
        var samples = lines.Where(line => !line.StartsWith('#')).Select(Sample.Parse).ToList();
        var counts = samples.Where(sample => sample.Name.EndsWith("_count", StringComparison.Ordinal))
            .ToDictionary(sample => (sample.Name[..^"_count".Length], sample.Labels), sample => sample.Value);
        var rows = samples
            .Where(sample => sample.Value != 0
                && !sample.Name.EndsWith("_bucket", StringComparison.Ordinal)
                && !sample.Name.EndsWith("_count", StringComparison.Ordinal))
            .Select(sample => sample.Name.EndsWith("_sum", StringComparison.Ordinal) ? Mean(sample, counts) : sample)
            .Select(sample => (sample.Name, sample.Labels, Value: WithUnit(sample, Meaning(sample)), Meaning: Meaning(sample)))
            .ToList();
        return new DataFrame(
            new StringDataFrameColumn("metric", rows.Select(row => row.Name)),
            new StringDataFrameColumn("labels", rows.Select(row => row.Labels)),
            new StringDataFrameColumn("value", rows.Select(row => row.Value)),
            new StringDataFrameColumn("meaning", rows.Select(row => row.Meaning)));

        string Meaning(Sample sample) => meanings.GetValueOrDefault(sample.Name, "");
    }

    private static Sample Mean(Sample sum, Dictionary<(string Name, string Labels), double> counts)
    {
        var name = sum.Name[..^"_sum".Length];
        return new Sample(name, sum.Labels, sum.Value / Math.Max(1, counts.GetValueOrDefault((name, sum.Labels), 1)));
    }

    // Names in Prometheus end with the unit, and those of counters also with _total:
    // https://prometheus.io/docs/practices/naming/.
    private static string WithUnit(Sample sample, string meaning)
    {
        var name = sample.Name.EndsWith(Total, StringComparison.Ordinal) ? sample.Name[..^Total.Length] : sample.Name;
        return name switch
        {
            _ when name.EndsWith("_start_time_seconds", StringComparison.Ordinal) =>
                Text($"{DateTimeOffset.FromUnixTimeSeconds((long)sample.Value):yyyy-MM-dd HH:mm:ss} UTC"),
            _ when name.EndsWith("_seconds", StringComparison.Ordinal) =>
                sample.Value < 1 ? Text($"{sample.Value * 1000:N2} ms") : Text($"{sample.Value:N2} s"),
            _ when name.EndsWith("_bytes", StringComparison.Ordinal) => Text($"{sample.Value / 1e6:N1} MB"),
            _ when meaning.Contains("percent", StringComparison.Ordinal) => Text($"{sample.Value:0.##}%"),
            _ => Text($"{sample.Value:#,0.###}"),
        };

        static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
    }

    private sealed record Sample(string Name, string Labels, double Value)
    {
        public static Sample Parse(string line)
        {
            var end = line.LastIndexOf(' ');
            var (name, brace) = (line[..Math.Max(0, end)], line.IndexOf('{', StringComparison.Ordinal));
            if (end < 0 || !double.TryParse(
                line[(end + 1)..].Replace("+Inf", "Infinity", StringComparison.Ordinal),
                NumberStyles.Float,
                CultureInfo.InvariantCulture,
                out var value))
                throw new FormatException($"'{line}' is not a line of metrics: it must end with a number.");
            return brace < 0
                ? new Sample(name, "", value)
                : new Sample(name[..brace], name[(brace + 1)..].TrimEnd('}').Replace("\"", "", StringComparison.Ordinal), value);
        }
    }
}
