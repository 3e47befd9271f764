using System.Text.Json.Nodes;
using MnistLab.Kernel.Documents;
using MnistLab.Testing;

namespace MnistLab.Kernel.Tests;

public sealed class NotebookDocumentTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Save_OfWhatWasRead_LosesNothing()
    {
        Read(SampleNotebook.Json).Save(_folder["saved.ipynb"]);

        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(SampleNotebook.Json), JsonNode.Parse(File.ReadAllText(_folder["saved.ipynb"]))));
    }

    [Fact]
    public void Save_Text_IsAsJupyterWritesIt()
    {
        Read(SampleNotebook.Json).Save(_folder["saved.ipynb"]);

        var text = File.ReadAllText(_folder["saved.ipynb"]);
        Assert.StartsWith("{\n \"cells\": [\n  {\n   \"cell_type\"", text, StringComparison.Ordinal);
        Assert.EndsWith("}\n", text, StringComparison.Ordinal);
        Assert.Contains("Ada → 😀", text, StringComparison.Ordinal);
        Assert.DoesNotContain('\r', text);
    }

    [Fact]
    public void Save_Again_ChangesNothing()
    {
        Read(SampleNotebook.Json).Save(_folder["once.ipynb"]);
        NotebookDocument.Read(_folder["once.ipynb"]).Save(_folder["twice.ipynb"]);

        Assert.Equal(File.ReadAllBytes(_folder["once.ipynb"]), File.ReadAllBytes(_folder["twice.ipynb"]));
    }

    [Fact]
    public void Save_WhereAFolderIsInTheWay_FailsAndLeavesNothing()
    {
        var notebook = Read(SampleNotebook.Json);
        Directory.CreateDirectory(_folder["taken/saved.ipynb"]);

        Assert.ThrowsAny<SystemException>(() => notebook.Save(_folder["taken/saved.ipynb"]));
        Assert.Empty(Directory.GetFiles(_folder["taken"]));
    }

    [Fact]
    public void Read_Cells_AreWhatTheFileSays()
    {
        var notebook = Read(SampleNotebook.Json);

        Assert.Equal("C#", notebook.Language);
        Assert.Equal([CellKind.Markdown, CellKind.Code, CellKind.Raw], notebook.Cells.Select(cell => cell.Kind));
        Assert.Equal("# Title\n\nText with ümlauts.", notebook.Cells[0].Source);
        Assert.Equal("var x = 42;\nx", notebook.Cells[1].Source);
        Assert.Equal(7, notebook.Cells[1].ExecutionCount);
        Assert.Equal(TimeSpan.FromSeconds(1.5), notebook.Cells[1].Times?.Duration);
        Assert.Equal(
            [
                new StreamOutput(StreamName.Stdout, "one\ntwo"),
                new StreamOutput(StreamName.Stderr, "careful\n"),
                new DisplayOutput(MimeBundle
                    .From("text/html", "<b>\nbold</b>")
                    .With("application/json", JsonNode.Parse("""{"a":[1,2.50,null]}""")))
                {
                    Metadata = new JsonObject { ["image/png"] = new JsonObject { ["width"] = 3 } },
                },
                new ResultOutput(7, MimeBundle.From("text/plain", "42")),
                new ErrorOutput("Oops", "it broke", ["at A", "at B"]),
            ],
            notebook.Cells[1].Outputs);
    }

    [Fact]
    public void Read_CellsWithoutAnIdOfTheirOwn_GetOneThatIsUnique()
    {
        var notebook = Read("""
            { "nbformat": 4, "nbformat_minor": 2, "metadata": {}, "cells": [
              { "cell_type": "raw", "metadata": {}, "source": "" },
              { "cell_type": "raw", "metadata": {}, "source": "", "id": "same" },
              { "cell_type": "raw", "metadata": {}, "source": "", "id": "same" },
              { "cell_type": "raw", "metadata": {}, "source": "", "id": "not allowed" },
              { "cell_type": "raw", "metadata": {}, "source": "", "id": "cell-1" }] }
            """);
        notebook.Save(_folder["saved.ipynb"]);

        Assert.Equal(["cell-1-2", "same", "cell-3", "cell-4", "cell-1"], notebook.Cells.Select(cell => cell.Id));
        Assert.Equal(5, (int?)JsonNode.Parse(File.ReadAllText(_folder["saved.ipynb"]))!["nbformat_minor"]);
    }

    [Theory]
    [InlineData("", "not JSON")]
    [InlineData("{ \"cells\": [", "not JSON")]
    [InlineData("[1]", "not an object")]
    [InlineData("{}", "no 'nbformat'")]
    [InlineData("""{ "nbformat": 3, "worksheets": [] }""", "nbformat 3")]
    [InlineData("""{ "nbformat": "4", "cells": [] }""", "whole number")]
    [InlineData("""{ "nbformat": 4 }""", "'cells'")]
    [InlineData("""{ "nbformat": 4, "nbformat": 4, "cells": [] }""", "nbformat")]
    [InlineData("""{ "nbformat": 4, "cells": [5] }""", "cell 1 is not an object")]
    [InlineData("""{ "nbformat": 4, "cells": [{ "cell_type": "raw" }] }""", "cell 1 has no 'source'")]
    [InlineData("""{ "nbformat": 4, "cells": [{ "cell_type": "raw", "source": [1] }] }""", "cell 1 has a 'source' that is not text")]
    [InlineData("""{ "nbformat": 4, "cells": [{ "cell_type": "raw", "source": "\ud800" }] }""", "surrogate")]
    [InlineData("""{ "nbformat": 4, "cells": [{ "cell_type": "heading", "source": "" }] }""", "cell_type 'heading'")]
    [InlineData("""{ "nbformat": 4, "cells": [{ "cell_type": "code", "source": "", "outputs": 5 }] }""", "'outputs'")]
    [InlineData("""{ "nbformat": 4, "cells": [{ "cell_type": "code", "source": "", "outputs": [{ "output_type": "pyout" }] }] }""", "cell 1, output 1 has the output_type 'pyout'")]
    [InlineData("""{ "nbformat": 4, "cells": [{ "cell_type": "code", "source": "", "outputs": [{ "output_type": "display_data", "data": { "text/plain": 5 } }] }] }""", "'text/plain' that is not text")]
    public void Read_OfWhatIsNoNotebook_NamesTheFileAndTheProblem(string content, string problem)
    {
        var exception = Assert.Throws<NotebookFormatException>(() => Read(content));

        Assert.Contains(problem, exception.Message, StringComparison.Ordinal);
        Assert.Contains("read.ipynb", exception.Message, StringComparison.Ordinal);
        Assert.Equal(_folder["read.ipynb"], exception.File);
    }

    private NotebookDocument Read(string content)
    {
        File.WriteAllText(_folder["read.ipynb"], content);
        return NotebookDocument.Read(_folder["read.ipynb"]);
    }
}
