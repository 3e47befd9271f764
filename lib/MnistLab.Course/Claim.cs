using System.Globalization;
using System.Text.RegularExpressions;
using MnistLab.Kernel.Documents;

namespace MnistLab.Course;

/// <summary>
/// Represents a claim that a text makes about the run, written as an HTML comment that readers do not see and the
/// examination executes: <c>&lt;!-- check: softmax.Accuracy ≈ 0.87 ± 0.01 --&gt;</c>, or any C# condition. <c>check on
/// MNIST:</c> and <c>check on the sample:</c> apply only to that dataset. <c>&lt;!-- fact: 1998, LeNet's paper
/// --&gt;</c> states a fact that no run can verify.
/// </summary>
/// <param name="Cell">The ID of the cell.</param>
/// <param name="Kind">The data that the claim applies to.</param>
/// <param name="Expression">
/// A C# expression: numeric if there is an expected value, otherwise a condition. For a fact, its text.
/// </param>
/// <param name="Expected">The value stated in the text; null for a condition or a fact.</param>
/// <param name="Tolerance">The maximum deviation from the expected value; null for a condition or a fact.</param>
/// <param name="Before">The text of the cell before the comment.</param>
public sealed partial record Claim(string Cell, ClaimKind Kind, string Expression, double? Expected, double? Tolerance, string Before)
{
    /// <summary>
    /// Gets the numbers that the claim supports: the expected value, or the numbers in the condition or fact; each also
    /// as a percentage.
    /// </summary>
    public IEnumerable<double> Numbers
    {
        get
        {
            var own = Expected is { } expected
                ? [expected]
                : ProseNumber.In(Expression.Replace("_", "", StringComparison.Ordinal)).Select(number => number.Value);
            return own.SelectMany(number => new[] { number, Math.Round(number * 100, 6) });
        }
    }

    /// <summary>Returns the claims in the text of a cell, in order.</summary>
    /// <exception cref="FormatException">
    /// A claim is malformed, or its expected value or tolerance is not a valid number.
    /// </exception>
    public static IEnumerable<Claim> In(NotebookCell cell)
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
                [var expression, var expected, var tolerance] => new Claim(
                    cell.Id, kind, expression.Trim(), Number(expected), Number(tolerance), cell.Source[..match.Index]),
                _ => throw new FormatException(
                    $"Cell {cell.Id}: '{match.Value}' is neither 'expression ≈ number ± tolerance' nor a condition."),
            };
        }
    }

    private static double Number(string text) =>
        double.Parse(text, NumberStyles.Float | NumberStyles.AllowThousands, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"<!-- (?<kind>check|check on MNIST|check on the sample|fact): (?<text>.+?) -->")]
    internal static partial Regex Comment();
}
