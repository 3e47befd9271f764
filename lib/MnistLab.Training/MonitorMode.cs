namespace MnistLab.Training;

/// <summary>Specifies which values of a metric are better.</summary>
public enum MonitorMode
{
    /// <summary>Lower values, as of a loss or an error rate.</summary>
    Min,

    /// <summary>Higher values, as of an accuracy.</summary>
    Max,
}

/// <summary>Knows which values of a metric are better.</summary>
public static class MonitorModes
{
    private static readonly Dictionary<string, MonitorMode> Known = new(StringComparer.Ordinal)
    {
        ["loss"] = MonitorMode.Min,
        ["accuracy"] = MonitorMode.Max,
    };

    /// <summary>
    /// Returns which values of a metric are better. The names <c>loss</c> and <c>accuracy</c> say it; any other metric needs a mode.
    /// </summary>
    /// <param name="metric">The metric's name.</param>
    /// <param name="mode">The mode; null if the name says it.</param>
    /// <exception cref="ArgumentException">The name does not say it and there is no mode, or the mode contradicts the name.</exception>
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
            "Leave the mode out.",
            nameof(mode));
    }
}
