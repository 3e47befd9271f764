using System.Globalization;

namespace MnistLab.Serving.Instances;

/// <summary>Something that happened to a service as a whole; what happens to single requests is in its log.</summary>
/// <param name="Time">When.</param>
/// <param name="Message">What, in one line.</param>
public sealed record ServiceEvent(DateTimeOffset Time, string Message)
{
    /// <summary>The event as a line: the time in UTC, to the millisecond, and the message.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Time.UtcDateTime:yyyy-MM-ddTHH:mm:ss.fffZ} {Message}");

    internal static ServiceEvent? Parse(string line)
    {
        var space = line.IndexOf(' ', StringComparison.Ordinal);
        return space > 0 && DateTimeOffset.TryParse(line[..space], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? new(time, line[(space + 1)..]) : null;
    }
}
