using System.Globalization;
using System.Text;

namespace MnistLab.Course;

/// <summary>Puts a notebook to the test: a copy of it that, at its end, checks what its texts claim and runs the answers of its exercises.</summary>
public static class Examination
{
    /// <summary>The notebook with the cells of the examination after its own.</summary>
    /// <param name="notebook">The notebook; it stays as it is.</param>
    /// <param name="isMnist">Whether it will run on the full MNIST, rather than on the sample.</param>
    public static CourseNotebook Of(CourseNotebook notebook, bool isMnist)
    {
        ArgumentNullException.ThrowIfNull(notebook);
        var copy = notebook.Copy();
        var claims = notebook.Claims.Where(claim => claim.Kind == ClaimKind.Always || claim.Kind == (isMnist ? ClaimKind.OnMnist : ClaimKind.OnTheSample)).ToList();
        if (claims.Count > 0) copy.Append("claims", ClaimsCell(claims));
        foreach (var answer in notebook.Answers) copy.Append($"answer-{answer.Cell}-{answer.Number}", answer.Code);
        return copy;
    }

    // All in one cell, and only at its end a failure: who mends a text wants to see every figure that has changed, not the first.
    private static string ClaimsCell(IEnumerable<Claim> claims)
    {
        var code = new StringBuilder("var wrongClaims = new List<string>();\n");
        foreach (var claim in claims)
        {
            var what = Literal($"{claim.Cell}: {claim.Expression}");
            code.Append(claim.Expected is { } expected
                ? string.Create(CultureInfo.InvariantCulture, $"{{ var found = (double)({claim.Expression}); Console.WriteLine(FormattableString.Invariant($\"{{found}} ≈ {expected} ± {claim.Tolerance}  \") + {what}); if (!(Math.Abs(found - {expected}) <= {claim.Tolerance})) wrongClaims.Add({what} + FormattableString.Invariant($\" is {{found}}, not {expected} ± {claim.Tolerance}\")); }}\n")
                : $"if (!({claim.Expression})) wrongClaims.Add({what} + \" does not hold\");\n");
        }

        return code.Append("if (wrongClaims.Count > 0) throw new Exception(string.Join(\"\\n\", wrongClaims));").ToString();
    }

    private static string Literal(string text) => $"@\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
