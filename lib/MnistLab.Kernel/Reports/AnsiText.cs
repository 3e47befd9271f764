using System.Text.RegularExpressions;

namespace MnistLab.Kernel.Reports;

/// <summary>Converts terminal output to plain text.</summary>
internal static partial class AnsiText
{
    /// <summary>
    /// Returns the text without escape sequences (ECMA-48: CSI and OSC), and without text that carriage returns
    /// overwrite.
    /// </summary>
    public static string Strip(string text) =>
        Overwritten.Replace(Sequence.Replace(text, "").Replace("\r\n", "\n", StringComparison.Ordinal), "");

    [GeneratedRegex(@"\x1b(\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(\x07|\x1b\\)|[@-Z\\^_])")]
    private static partial Regex Sequence { get; }

    [GeneratedRegex(@"[^\n\r]*\r(?=[^\n])")]
    private static partial Regex Overwritten { get; }
}
