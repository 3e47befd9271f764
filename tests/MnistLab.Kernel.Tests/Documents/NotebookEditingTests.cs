using System.Text.Json.Nodes;
using MnistLab.Kernel.Documents;
using MnistLab.Testing;

namespace MnistLab.Kernel.Tests;

public sealed class NotebookEditingTests
{
    [Fact]
    public void Edit_OfSomeCells_LeavesTheRestAsItWas()
    {
        using var folder = new TemporaryFolder();
        var file = folder["a.ipynb"];
        File.WriteAllText(
            file,
            """{"cells":[{"cell_type":"code","id":"one","metadata":{"mine":1},"source":"a","outputs":[],"execution_count":null,"extra":true},{"cell_type":"markdown","id":"two","metadata":{},"source":["b\n","c"],"attachments":{"x.png":{"image/png":"eA=="}}}],"metadata":{"unknown":[1]},"nbformat":4,"nbformat_minor":5,"more":{}}""");
        var document = NotebookDocument.Read(file);

        var added = document.Insert(1, CellKind.Code, "new");
        document.Cells[0].SetSource("a\nb");
        var removed = document.Cells[2];
        document.Remove(removed);
        document.Insert(0, removed);
        document.Save(file);

        var json = JsonNode.Parse(File.ReadAllText(file))!;
        Assert.Equal(["two", "one", added.Id], json["cells"]!.AsArray().Select(cell => (string?)cell!["id"]));
        Assert.Equal("""{"x.png":{"image/png":"eA=="}}""", json["cells"]![0]!["attachments"]!.ToJsonString());
        Assert.Equal("""["a\n","b"]""", json["cells"]![1]!["source"]!.ToJsonString());
        Assert.Equal("""{"mine":1}""", json["cells"]![1]!["metadata"]!.ToJsonString());
        Assert.True((bool)json["cells"]![1]!["extra"]!);
        Assert.Equal("""[1]""", json["metadata"]!["unknown"]!.ToJsonString());
        Assert.NotNull(json["more"]);
    }

    [Fact]
    public void ChangeKind_KeepsIdSourceAndMetadata_AndDropsResults()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(
            folder["a.ipynb"],
            """{"cells":[{"cell_type":"code","id":"one","metadata":{"tags":["t"]},"source":"a","outputs":[],"execution_count":3}],"metadata":{},"nbformat":4,"nbformat_minor":5}""");
        var document = NotebookDocument.Read(folder["a.ipynb"]);

        var changed = document.ChangeKind(document.Cells[0], CellKind.Markdown);

        Assert.Same(changed, Assert.Single(document.Cells));
        Assert.Equal(("one", "a", CellKind.Markdown), (changed.Id, changed.Source, changed.Kind));
        Assert.Equal(["t"], changed.Tags);
        Assert.DoesNotContain("outputs", document.Write("a.ipynb"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("#!meta\n\n{\"kernelInfo\":{\"defaultKernelName\":\"csharp\"}}\n\n#!csharp\n\nvar a = 1;\n\n#!markdown\n\n# Title\n\n#!html\n\n<b>x</b>\n")]
    [InlineData("#!csharp\n\n#!time\n1 + 1\n")]
    public void Dib_ReadAndSaved_IsTheSame(string text)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["a.dib"], text);
        var document = NotebookDocument.Read(folder["a.dib"]);

        document.Save(folder["b.dib"]);

        Assert.Equal(
            document.Cells.Select(cell => (cell.Kind, cell.Source)),
            NotebookDocument.Read(folder["b.dib"]).Cells.Select(cell => (cell.Kind, cell.Source)));
        Assert.Equal(text, File.ReadAllText(folder["b.dib"]));
    }
}
