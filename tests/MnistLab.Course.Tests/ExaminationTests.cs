using MnistLab.Testing;

namespace MnistLab.Course.Tests;

public sealed class ExaminationTests : IDisposable
{
    private const string Text = """
        About 87 %<!-- check: accuracy ≈ 0.87 ± 0.01 --> are right, of 10,000<!-- check on MNIST: test.Count == 10_000 --> or 1,000<!-- check on the sample: test.Count == 1_000 -->, as in 1998<!-- fact: 1998, the paper -->.

        <details><summary>Answer</summary>

        ```csharp
        Console.WriteLine("the answer");
        ```
        </details>
        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Claims_OfAText_HaveTheirKindsAndNumbers()
    {
        var claims = Notebook().Claims.ToList();

        Assert.Equal([ClaimKind.Always, ClaimKind.OnMnist, ClaimKind.OnTheSample, ClaimKind.Fact], claims.Select(claim => claim.Kind));
        Assert.Equal(("accuracy", 0.87, 0.01), (claims[0].Expression, claims[0].Expected, claims[0].Tolerance));
        Assert.Contains(87.0, claims[0].Numbers);
        Assert.Contains(10_000.0, claims[1].Numbers);
        Assert.Contains(1998.0, claims[3].Numbers);
    }

    [Theory, InlineData(true, "test.Count == 10_000", "test.Count == 1_000"), InlineData(false, "test.Count == 1_000", "test.Count == 10_000")]
    public void Of_ANotebook_AddsTheClaimsOfItsDataAndTheAnswers(bool isMnist, string there, string notThere)
    {
        var examined = Examination.Prepare(Notebook(), isMnist);

        Assert.Equal(["text", "claims", "answer-text-1"], examined.Cells.Select(cell => cell.Id));
        Assert.Contains("Math.Abs(found - 0.87) <= 0.01", examined.Cells[1].Source, StringComparison.Ordinal);
        Assert.Contains(there, examined.Cells[1].Source, StringComparison.Ordinal);
        Assert.DoesNotContain(notThere, examined.Cells[1].Source, StringComparison.Ordinal);
        Assert.Equal("""Console.WriteLine("the answer");""", examined.Cells[2].Source);
    }

    private CourseNotebook Notebook()
    {
        File.WriteAllText(_folder["a.ipynb"], new System.Text.Json.Nodes.JsonObject
        {
            ["nbformat"] = 4,
            ["cells"] = new System.Text.Json.Nodes.JsonArray(new System.Text.Json.Nodes.JsonObject
            {
                ["cell_type"] = "markdown",
                ["id"] = "text",
                ["source"] = Text.ReplaceLineEndings("\n")
            }),
        }.ToJsonString());
        return CourseNotebook.Read(_folder["a.ipynb"]);
    }
}
