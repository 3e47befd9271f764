using System.Globalization;

namespace MnistLab.Serving.Instances;

/// <summary>Represents an event of a service as a whole; events of single requests are in its log.</summary>
/// <param name="Time">The time of the event.</param>
/// <param name="Message">The description, one line.</param>
public sealed record ServiceEvent(DateTimeOffset Time, string Message)
{
    /// <summary>Returns the event as one line: the time in UTC with milliseconds, and the message.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Time.UtcDateTime:yyyy-MM-ddTHH:mm:ss.fffZ} {Message}");

    internal static ServiceEvent? Parse(string line)
    {
        var space = line.IndexOf(' ', StringComparison.Ordinal);
        return space > 0 && DateTimeOffset.TryParse(
            line[..space],
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal,
            out var time) ? new(time, line[(space + 1)..]) : null;
    }
}
