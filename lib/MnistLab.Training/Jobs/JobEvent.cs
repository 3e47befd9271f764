using System.Globalization;

namespace MnistLab.Training.Jobs;

/// <summary>Something that happened to a job as a whole; what its program says is in its log.</summary>
/// <param name="Time">When.</param>
/// <param name="Message">What, such as <c>[worker-0][Duration: 1.2s] code downloaded</c>.</param>
public sealed record JobEvent(DateTimeOffset Time, string Message)
{
    /// <summary>The event as a line: the time in UTC, to the millisecond, and the message.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Time.UtcDateTime:yyyy-MM-ddTHH:mm:ss.fffZ} {Message}");

    internal static JobEvent? Parse(string line)
    {
        var space = line.IndexOf(' ', StringComparison.Ordinal);
        return space > 0 && DateTimeOffset.TryParse(line[..space], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? new(time, line[(space + 1)..]) : null;
    }
}
