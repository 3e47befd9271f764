using System.Globalization;
using System.Text;

namespace MnistLab.Course;

/// <summary>
/// Creates an examination of a notebook: a copy that ends with cells that check the claims of its texts and run the
/// answers to its exercises.
/// </summary>
public static class Examination
{
    /// <summary>Returns a copy of the notebook with the examination cells appended.</summary>
    /// <param name="notebook">The notebook, which is not changed.</param>
    /// <param name="isMnist">
    /// Whether the examination will run on the full MNIST dataset rather than on the sample.
    /// </param>
    public static CourseNotebook Prepare(CourseNotebook notebook, bool isMnist)
    {
        ArgumentNullException.ThrowIfNull(notebook);
        var copy = notebook.Copy();
        var claims = notebook.Claims.Where(claim => claim.Kind == ClaimKind.Always
            || claim.Kind == (isMnist ? ClaimKind.OnMnist : ClaimKind.OnTheSample)).ToList();
        if (claims.Count > 0) copy.Append("claims", ClaimsCell(claims));
        foreach (var answer in notebook.Answers) copy.Append($"answer-{answer.Cell}-{answer.Number}", answer.Code);
        return copy;
    }

    // Checks all claims in one cell that fails only at its end, so that an author sees every number that has changed,
    // not only the first.
    private static string ClaimsCell(IEnumerable<Claim> claims)
    {
        var code = new StringBuilder("var wrongClaims = new List<string>();\n");
        foreach (var claim in claims)
        {
            var what = Literal($"{claim.Cell}: {claim.Expression}");
            code.Append(claim.Expected is { } expected
                ? string.Create(
                    CultureInfo.InvariantCulture,
                    $"{{ var found = (double)({claim.Expression}); Console.WriteLine(FormattableString.Invariant($\"{{found}} ≈ {expected} ± {claim.Tolerance}  \") + {what}); if (!(Math.Abs(found - {expected}) <= {claim.Tolerance})) wrongClaims.Add({what} + FormattableString.Invariant($\" is {{found}}, not {expected} ± {claim.Tolerance}\")); }}\n")
                : $"if (!({claim.Expression})) wrongClaims.Add({what} + \" does not hold\");\n");
        }

        return code.Append("if (wrongClaims.Count > 0) throw new Exception(string.Join(\"\\n\", wrongClaims));").ToString();
    }

    private static string Literal(string text) => $"@\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
