using System.Globalization;

namespace MnistLab.Training.Jobs;

/// <summary>Represents an event of a job as a whole. The output of its program is in the log.</summary>
/// <param name="Time">The time of the event.</param>
/// <param name="Message">The description, such as <c>[worker-0][Duration: 1.2s] code downloaded</c>.</param>
public sealed record JobEvent(DateTimeOffset Time, string Message)
{
    /// <summary>Returns the event as one line: the time in UTC, to the millisecond, and the message.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Time.UtcDateTime:yyyy-MM-ddTHH:mm:ss.fffZ} {Message}");

    internal static JobEvent? Parse(string line)
    {
        var space = line.IndexOf(' ', StringComparison.Ordinal);
        return space > 0 && DateTimeOffset.TryParse(
            line[..space],
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal,
            out var time) ? new(time, line[(space + 1)..]) : null;
    }
}
