using System.Globalization;
using System.Text.RegularExpressions;

namespace MnistLab.Course;

/// <summary>A number in a text.</summary>
/// <param name="Text">As it is written.</param>
/// <param name="Value">What it is worth.</param>
/// <param name="Index">Where it begins.</param>
public sealed partial record ProseNumber(string Text, double Value, int Index)
{
    /// <summary>Whether it is so small and plain that it is a word rather than a figure: "2 files".</summary>
    public bool IsWord => Text.Length == 1;

    /// <summary>The numbers in a text; those that are part of a word, such as V0001, are none.</summary>
    public static IEnumerable<ProseNumber> In(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Number().Matches(text).Select(match => new ProseNumber(match.Value, double.Parse(match.Value, NumberStyles.Float | NumberStyles.AllowThousands, CultureInfo.InvariantCulture), match.Index));
    }

    [GeneratedRegex(@"(?<![A-Za-z_\d.-])\d+(?:,\d{3})*(?:\.\d+)?(?![A-Za-z_\d])")]
    private static partial Regex Number();
}
