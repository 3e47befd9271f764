using System.Text.Json.Nodes;
using MnistLab.Kernel.Documents;
using MnistLab.Kernel.Reports;
using MnistLab.Kernel.Running;
using MnistLab.Testing;

namespace MnistLab.Kernel.Tests;

public sealed class ExerciseSolutionsTests : IDisposable
{
    private const string Skeleton = "var mine = 0; // your code";

    private const string Task = """
        ### Your turn

        Set `mine` to 7.

        <details><summary>Hint</summary>

        An assignment.
        </details>

        <details><summary>Solution</summary>

        ```csharp
        var mine = 7;
        ```
        </details>
        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false, "7")]
    [InlineData(true, "0")]
    public async Task Batch_WithAnExercise_RunsTheSolutionOrAsALearnerTheSkeleton(bool asLearner, string printed)
    {
        var file = Write(Task);
        using var batch = NotebookBatch.Open(
            [file], _folder["out"], TimeProvider.System, new NotebookRunOptions { AsLearner = asLearner });

        var result = Assert.Single(await batch.RunAsync());

        Assert.True(result.Succeeded, result.Failure?.Message);
        var cells = NotebookDocument.Read(result.Executed).Cells;
        Assert.Equal(printed, Assert.IsType<StreamOutput>(Assert.Single(cells[2].Outputs)).Text);
        Assert.Equal(asLearner ? (Skeleton, null) : ("var mine = 7;", Skeleton), (cells[1].Source, cells[1].Skeleton));
    }

    [Fact]
    public void FillIn_AFilledInNotebook_KeepsTheSkeleton()
    {
        var notebook = NotebookDocument.Read(Write(Task));

        ExerciseSolutions.FillIn(notebook);
        ExerciseSolutions.FillIn(notebook);

        Assert.Equal(("var mine = 7;", Skeleton), (notebook.Cells[1].Source, notebook.Cells[1].Skeleton));
    }

    [Theory]
    [InlineData("Set `mine` to 7.\n\n```csharp\nvar mine = 7;\n```", "it contains 0")]
    [InlineData(Task + "\n" + Task, "it contains 2")]
    public void Open_WithoutExactlyOneSolution_NamesTheCell(string text, string expected)
    {
        var file = Write(text);

        var error = Assert.Throws<NotebookFormatException>(() => NotebookBatch.Open([file], _folder["out"], TimeProvider.System));

        Assert.Contains("cell 2 is tagged 'your-turn'", error.Message, StringComparison.Ordinal);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("en", "Run with the solution above.")]
    [InlineData("zh-CN", "运行时用的是上面的参考答案。")]
    public void Report_OfAFilledInNotebook_ShowsTheSkeletonAndSaysWhatRan(string language, string note)
    {
        var notebook = NotebookDocument.Read(Write(Task));
        ExerciseSolutions.FillIn(notebook);

        HtmlReport.Write(_folder["r.html"], "report", [notebook], language);

        var html = File.ReadAllText(_folder["r.html"]);
        Assert.Contains("// your code", html, StringComparison.Ordinal);
        Assert.Contains(note, html, StringComparison.Ordinal);
    }

    private string Write(string text)
    {
        var notebook = new JsonObject
        {
            ["cells"] = new JsonArray(
                new JsonObject { ["cell_type"] = "markdown", ["metadata"] = new JsonObject(), ["source"] = text.ReplaceLineEndings("\n") },
                Code(Skeleton, new JsonArray(ExerciseSolutions.Tag)),
                Code("Console.Write(mine);", [])),
            ["metadata"] = new JsonObject(),
            ["nbformat"] = 4,
            ["nbformat_minor"] = 4,
        };
        File.WriteAllText(_folder["a.ipynb"], notebook.ToJsonString());
        return _folder["a.ipynb"];
    }

    private static JsonObject Code(string source, JsonArray tags) => new()
    {
        ["cell_type"] = "code",
        ["execution_count"] = null,
        ["metadata"] = new JsonObject { ["tags"] = tags },
        ["outputs"] = new JsonArray(),
        ["source"] = source,
    };
}
