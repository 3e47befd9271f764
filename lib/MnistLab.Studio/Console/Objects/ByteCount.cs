using System.Globalization;

namespace MnistLab.Studio.Console.Objects;

/// <summary>Formats sizes in bytes for display.</summary>
internal static class ByteCount
{
    private const int Step = 1000;
    private static readonly string[] Units = ["B", "kB", "MB", "GB", "TB"];

    /// <summary>Formats a size with three significant digits, such as <c>9.91 MB</c>.</summary>
    public static string Format(long bytes)
    {
        var (value, unit) = ((double)bytes, 0);
        for (; value >= Step && unit < Units.Length - 1; unit++) value /= Step;
        var format = unit == 0 || value >= 100 ? "0" : value >= 10 ? "0.0" : "0.00";
        return $"{value.ToString(format, CultureInfo.InvariantCulture)} {Units[unit]}";
    }
}
