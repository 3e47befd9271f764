using System.Globalization;
using System.Text.RegularExpressions;

namespace MnistLab.Course;

/// <summary>
/// What a text says of the run, in a comment that readers do not see and the examination executes:
/// <c>&lt;!-- check: softmax.Accuracy ≈ 0.87 ± 0.01 --&gt;</c>, or any condition in C#. <c>check on MNIST:</c> and <c>check on the sample:</c>
/// hold for that dataset only. <c>&lt;!-- fact: 1998, LeNet's paper --&gt;</c> names what no run can tell.
/// </summary>
/// <param name="Cell">The id of the cell.</param>
/// <param name="Kind">Which data it is about.</param>
/// <param name="Expression">C#: a number where there is an expected one, else a condition. The text of a fact.</param>
/// <param name="Expected">The number that the text says.</param>
/// <param name="Tolerance">How far from it the run may be.</param>
/// <param name="Before">The text before the comment.</param>
public sealed partial record Claim(string Cell, ClaimKind Kind, string Expression, double? Expected, double? Tolerance, string Before)
{
    /// <summary>The numbers that it vouches for: the expected one, or those in the condition or fact; also as percentages.</summary>
    public IEnumerable<double> Numbers
    {
        get
        {
            var own = Expected is { } expected ? [expected] : ProseNumber.In(Expression.Replace("_", "", StringComparison.Ordinal)).Select(number => number.Value);
            return own.SelectMany(number => new[] { number, Math.Round(number * 100, 6) });
        }
    }

    /// <summary>The claims of a cell's text, in order.</summary>
    /// <exception cref="FormatException">One has an expected number that is none.</exception>
    public static IEnumerable<Claim> In(CourseCell cell)
    {
        ArgumentNullException.ThrowIfNull(cell);
        foreach (Match match in Comment().Matches(cell.Source))
        {
            var kind = match.Groups["kind"].Value switch
            {
                "check" => ClaimKind.Always,
                "check on MNIST" => ClaimKind.OnMnist,
                "check on the sample" => ClaimKind.OnTheSample,
                _ => ClaimKind.Fact,
            };
            var parts = kind == ClaimKind.Fact ? [match.Groups["text"].Value] : match.Groups["text"].Value.Split('≈', '±');
            yield return parts switch
            {
                [var condition] => new Claim(cell.Id, kind, condition.Trim(), null, null, cell.Source[..match.Index]),
                [var expression, var expected, var tolerance] => new Claim(cell.Id, kind, expression.Trim(), Number(expected), Number(tolerance), cell.Source[..match.Index]),
                _ => throw new FormatException($"Cell {cell.Id}: '{match.Value}' is neither 'expression ≈ number ± tolerance' nor a condition."),
            };
        }
    }

    private static double Number(string text) => double.Parse(text, NumberStyles.Float | NumberStyles.AllowThousands, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"<!-- (?<kind>check|check on MNIST|check on the sample|fact): (?<text>.+?) -->")]
    internal static partial Regex Comment();
}
