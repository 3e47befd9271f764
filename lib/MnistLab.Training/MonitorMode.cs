namespace MnistLab.Training;

/// <summary>Specifies which values of a metric are better.</summary>
public enum MonitorMode
{
    /// <summary>Lower values are better, as for a loss or an error rate.</summary>
    Min,

    /// <summary>Higher values are better, as for an accuracy.</summary>
    Max,
}

/// <summary>Determines which values of a metric are better.</summary>
public static class MonitorModes
{
    private static readonly Dictionary<string, MonitorMode> Known = new(StringComparer.Ordinal)
    {
        ["loss"] = MonitorMode.Min,
        ["accuracy"] = MonitorMode.Max,
    };

    /// <summary>
    /// Returns which values of a metric are better. The modes of <c>loss</c> and <c>accuracy</c> are known; any other
    /// metric needs an explicit mode.
    /// </summary>
    /// <param name="metric">The metric's name.</param>
    /// <param name="mode">The mode; may be null for <c>loss</c> and <c>accuracy</c>.</param>
    /// <exception cref="ArgumentException">
    /// The mode is missing, is not a value of <see cref="MonitorMode"/>, or contradicts the metric.
    /// </exception>
    public static MonitorMode Resolve(string metric, MonitorMode? mode)
    {
        ArgumentException.ThrowIfNullOrEmpty(metric);
        if (mode is { } given && !Enum.IsDefined(given))
        {
            throw new ArgumentException(
                $"The mode {(int)given} does not exist. Use {nameof(MonitorMode)}.Min or {nameof(MonitorMode)}.Max.", nameof(mode));
        }

        if (!Known.TryGetValue(metric, out var known))
        {
            return mode ?? throw new ArgumentException(
                $"Is '{metric}' better when it is lower or higher? " +
                $"Pass {nameof(MonitorMode)}.Min or {nameof(MonitorMode)}.Max as the mode.",
                nameof(mode));
        }

        return mode is null || mode == known ? known : throw new ArgumentException(
            $"'{metric}' is better when it is {(known == MonitorMode.Min ? "lower" : "higher")}, but the mode is {mode}. " +
            "Omit the mode.",
            nameof(mode));
    }
}
