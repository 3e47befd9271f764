using System.Globalization;
using System.Text.RegularExpressions;
using MnistLab.Kernel.Running;

namespace MnistLab.Studio.Notebooks;

/// <summary>
/// Represents the form control of a parameter, derived from its type and from the comment on its line: <c>// 0.001 …
/// 1</c> is a range, <c>// sgd | adam</c> a choice.
/// </summary>
/// <param name="Name">The name of the parameter.</param>
/// <param name="Value">The value, in the form that the command line accepts.</param>
/// <param name="Type">The C# type.</param>
/// <param name="Choices">The values to choose from; empty if there are none.</param>
/// <param name="Minimum">The minimum of the slider; null if there is no slider.</param>
/// <param name="Maximum">The maximum of the slider; null if there is no slider.</param>
/// <param name="Comment">The rest of the comment.</param>
internal sealed partial record ParameterControl(
    string Name, string Value, string Type, IReadOnlyList<string> Choices, double? Minimum, double? Maximum, string Comment)
{
    /// <summary>Gets whether the type is an integer type.</summary>
    public bool IsWhole => Type is "sbyte" or "byte" or "short" or "ushort" or "int" or "uint" or "long" or "ulong";

    /// <summary>Gets whether the type is Boolean.</summary>
    public bool IsFlag => Type == "bool";

    /// <summary>
    /// Gets the position of the value on the slider, from 0 to 1. Sliders are logarithmic, because parameters are
    /// varied by factors.
    /// </summary>
    public double Place => Minimum is { } minimum && Maximum is { } maximum && TryNumber(Value, out var number)
        ? Math.Clamp(Math.Log(Math.Max(number, minimum) / minimum) / Math.Log(maximum / minimum), 0, 1)
        : 0;

    /// <summary>Returns the controls for the parameters of a cell.</summary>
    public static IReadOnlyList<ParameterControl> In(string source) =>
        [.. NotebookParameters.In(source).Select(parameter => Create(parameter, CommentOn(source, parameter.Name)))];

    /// <summary>
    /// Returns the value at a position of the slider, rounded to two significant digits, or to a whole number for an
    /// integer.
    /// </summary>
    public string At(double place)
    {
        var value = Minimum!.Value * Math.Pow(Maximum!.Value / Minimum.Value, place);
        return IsWhole
            ? Math.Round(value).ToString(CultureInfo.InvariantCulture)
            // "G2" alone would format 0.00001 as 1E-05.
            : ((decimal)double.Parse(value.ToString("G2", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture))
                .ToString(CultureInfo.InvariantCulture);
    }

    private static ParameterControl Create(NotebookParameter parameter, string comment)
    {
        var value = parameter.Default.Trim('"').TrimEnd('f', 'm', 'd', 'L').Replace("_", "", StringComparison.Ordinal);
        if (parameter.Type is "string" or "bool") value = parameter.Default.Trim('"');
        var choices = comment.Contains('|', StringComparison.Ordinal)
            ? comment.Split('|', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            : [];
        double? minimum = null, maximum = null;
        if (Range().Match(comment) is { Success: true } range)
            (minimum, maximum) = (Number(range.Groups["minimum"].Value), Number(range.Groups["maximum"].Value));
        else if (choices.Length == 0 && parameter.Type is not ("string" or "bool" or "char") && TryNumber(value, out var number))
            (minimum, maximum) = (number / 10, number * 10);
        // The scale is logarithmic, so both ends must be positive.
        if (!(minimum > 0 && maximum > minimum)) (minimum, maximum) = (null, null);
        var rest = choices.Length > 0 ? "" : Range().Replace(comment, "").Trim();
        return new(parameter.Name, value, parameter.Type, choices, minimum, maximum, rest);
    }

    private static string CommentOn(string source, string name) =>
        Regex.Match(source, $@"\b{Regex.Escape(name)}\s*=[^\n]*?//(?<comment>[^\n]*)").Groups["comment"].Value.Trim();

    private static double Number(string text) => TryNumber(text, out var number) ? number : double.NaN;

    private static bool TryNumber(string text, out double number) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number);

    [GeneratedRegex(@"(?<minimum>[0-9.eE_-]+)\s*(…|\.\.\.|\.\.|–|to)\s*(?<maximum>[0-9.eE_-]+)")]
    private static partial Regex Range();
}
