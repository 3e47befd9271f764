using System.Text.Json.Nodes;
using MnistLab.Kernel.Documents;
using MnistLab.Kernel.Running;
using MnistLab.Testing;

namespace MnistLab.Kernel.Tests;

public sealed class CellLanguageTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("""{ "polyglot_notebook": { "kernelName": "html" } }""", "<b>bold</b>", "text/html", "<b>bold</b>")]
    [InlineData("""{ "dotnet_interactive": { "language": "markdown" } }""", "# Title", "text/markdown", "# Title")]
    [InlineData("""{ "vscode": { "languageId": "javascript" } }""", "alert(1)", "text/html", "<script type=\"text/javascript\">alert(1)</script>")]
    [InlineData("""{ "polyglot_notebook": { "kernelName": "mermaid" } }""", "graph TD; A-->B", "text/vnd.mermaid", "graph TD; A-->B")]
    public async Task Cell_WithALanguageInItsMetadata_IsShownAsThat(string metadata, string source, string mimeType, string shown)
    {
        var notebook = Write(
            "{}",
            (metadata, source),
            ("""{ "polyglot_notebook": { "kernelName": "csharp" } }""", "6 * 7"),
            ("{}", "6 * 8"));
        Assert.True((await new NotebookRunner(TimeProvider.System).RunAsync(
            notebook, cancellationToken: TestContext.Current.CancellationToken)).Succeeded);

        var output = Assert.IsType<DisplayOutput>(Assert.Single(notebook.Cells[0].Outputs));
        Assert.Equal(shown, output.Data[mimeType]!.GetValue<string>());
        Assert.Equal(source, notebook.Cells[0].Source);
        Assert.Equal(["42", "48"], notebook.Cells.Skip(1).Select(
            cell => Assert.IsType<ResultOutput>(Assert.Single(cell.Outputs)).Data["text/plain"]!.GetValue<string>()));
    }

    [Fact]
    public async Task Cell_WithoutALanguage_IsInThatOfItsNotebook()
    {
        var notebook = Write("""{ "polyglot_notebook": { "kernelInfo": { "defaultKernelName": "html" } } }""", ("{}", "<b>bold</b>"));
        await new NotebookRunner(TimeProvider.System).RunAsync(notebook, cancellationToken: TestContext.Current.CancellationToken);
        Assert.True(Assert.IsType<DisplayOutput>(Assert.Single(notebook.Cells[0].Outputs)).Data.TryGetText("text/html", out _));
    }

    [Fact]
    public void Cell_InALanguageWithoutAKernel_IsNamedBeforeAnythingRuns()
    {
        Write("{}", ("{}", "1"), ("""{ "dotnet_interactive": { "language": "fsharp" } }""", "let x = 1"));
        var error = Assert.Throws<NotebookFormatException>(() => NotebookBatch.Open([_folder.Path], _folder["out"], TimeProvider.System));
        Assert.Contains("cell 2 is in F#", error.Message);
    }

    [Theory]
    [InlineData("C#")]
    [InlineData("csharp")]
    [InlineData("polyglot-notebook")]
    public void Notebook_InCSharpByAnyOfItsNames_IsAccepted(string language)
    {
        Write($$"""{ "kernelspec": { "display_name": ".NET (C#)", "language": "{{language}}", "name": ".net-csharp" } }""", ("{}", "1"));
        NotebookBatch.Open([_folder.Path], _folder["out"], TimeProvider.System);
    }

    [Fact]
    public void Notebook_InAnotherLanguage_IsRefused()
    {
        Write("""{ "kernelspec": { "display_name": "Python 3", "language": "python", "name": "python3" } }""", ("{}", "1"));
        Assert.Contains("python", Assert.Throws<NotebookFormatException>(
            () => NotebookBatch.Open([_folder.Path], _folder["out"], TimeProvider.System)).Message);
    }

    private NotebookDocument Write(string metadata, params (string Metadata, string Source)[] cells)
    {
        var notebook = new JsonObject
        {
            ["cells"] = new JsonArray([.. cells.Select(cell => new JsonObject
            {
                ["cell_type"] = "code",
                ["execution_count"] = null,
                ["metadata"] = JsonNode.Parse(cell.Metadata),
                ["outputs"] = new JsonArray(),
                ["source"] = cell.Source,
            })]),
            ["metadata"] = JsonNode.Parse(metadata),
            ["nbformat"] = 4,
            ["nbformat_minor"] = 5,
        };
        File.WriteAllText(_folder["a.ipynb"], notebook.ToJsonString());
        return NotebookDocument.Read(_folder["a.ipynb"]);
    }
}
