using System.Globalization;

namespace MnistLab.Studio.Console;

/// <summary>Formats times and numbers for the screens.</summary>
internal static class ConsoleFormat
{
    /// <summary>Formats a time in the local time zone, to the second.</summary>
    public static string Time(DateTimeOffset time) =>
        time.ToLocalTime().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    /// <summary>Formats a duration with its units: <c>12.3 s</c>, <c>4 min 05 s</c>, <c>2 h 03 min</c>.</summary>
    public static string Duration(TimeSpan duration) => duration switch
    {
        { TotalMinutes: < 1 } => FormattableString.Invariant($"{duration.TotalSeconds:F1} s"),
        { TotalHours: < 1 } => FormattableString.Invariant($"{duration.Minutes} min {duration.Seconds:D2} s"),
        _ => FormattableString.Invariant($"{Math.Floor(duration.TotalHours)} h {duration.Minutes:D2} min"),
    };

    /// <summary>Formats a fraction as a percentage: <c>97.3%</c>.</summary>
    public static string Percent(double fraction) => FormattableString.Invariant($"{fraction * 100:F1}%");

    /// <summary>
    /// Formats a number with four significant digits; from 10,000 to 1,000,000,000, as a rounded integer.
    /// </summary>
    public static string Number(double value) =>
        value.ToString(Math.Abs(value) is >= 1e4 and < 1e9 ? "N0" : "G4", CultureInfo.InvariantCulture);
}
