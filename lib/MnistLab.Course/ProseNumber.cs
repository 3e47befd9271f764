using System.Globalization;
using System.Text.RegularExpressions;

namespace MnistLab.Course;

/// <summary>Represents a number in a text.</summary>
/// <param name="Text">The number as written.</param>
/// <param name="Value">The value of the number.</param>
/// <param name="Index">The index in the text at which the number starts.</param>
public sealed partial record ProseNumber(string Text, double Value, int Index)
{
    /// <summary>
    /// Gets whether the number has a single digit, so that it counts as a word rather than as a result, as in "2
    /// files".
    /// </summary>
    public bool IsWord => Text.Length == 1;

    /// <summary>Returns the numbers in a text, except those that are part of a word, such as V0001.</summary>
    public static IEnumerable<ProseNumber> In(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Number().Matches(text).Select(match => new ProseNumber(
            match.Value,
            double.Parse(match.Value, NumberStyles.Float | NumberStyles.AllowThousands, CultureInfo.InvariantCulture),
            match.Index));
    }

    [GeneratedRegex(@"(?<![A-Za-z_\d.-])\d+(?:,\d{3})*(?:\.\d+)?(?![A-Za-z_\d])")]
    private static partial Regex Number();
}
