using MnistLab.Kernel.Documents;
using MnistLab.Kernel.Running;
using MnistLab.Testing;

namespace MnistLab.Kernel.Tests;

public sealed class DibFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Read_CellsOfEveryKind_AreThoseOfANotebook()
    {
        var notebook = Read(
            "#!meta\n\n{ \"kernelInfo\": {} }\n\n#!markdown\n\n# Title\n\nText.\n\n#!csharp\n\n#!time\nvar x = 1;\n\nx\n\n#!c#\n\n\n#!html\n\n<b>bold</b>\n");

        Assert.Equal([CellKind.Markdown, CellKind.Code, CellKind.Code], notebook.Cells.Select(cell => cell.Kind));
        Assert.Equal(["# Title\n\nText.", "#!time\nvar x = 1;\n\nx", "#!html\n<b>bold</b>"], notebook.Cells.Select(cell => cell.Source));
        Assert.Equal("C#", notebook.Language);
    }

    [Theory]
    [InlineData("1\r\n#!markdown\r\ntext", "1", "text")]
    [InlineData("1", "1")]
    [InlineData("")]
    [InlineData("#!csharp\n")]
    public void Read_WithoutALanguageAtTheTop_BeginsInCSharp(string text, params string[] cells) =>
        Assert.Equal(cells, Read(text).Cells.Select(cell => cell.Source));

    [Theory]
    [InlineData("1\n#!fsharp\nlet x = 1", "line 2 is in F#")]
    [InlineData("#!pwsh\nls", "line 1 is in PowerShell")]
    [InlineData("#!meta\n{", "not JSON")]
    public void Read_WhatCannotBeRun_SaysWhere(string text, string problem)
    {
        var error = Assert.Throws<NotebookFormatException>(() => Read(text));

        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
        Assert.Equal(_folder["a.dib"], error.File);
    }

    [Fact]
    public async Task Batch_OfADibFile_WritesANotebook()
    {
        File.WriteAllText(_folder["a.dib"], "#!markdown\n# Title\n#!csharp\n6 * 7\n");

        var results = await NotebookBatch
            .Open([_folder.Path], _folder["out"], TimeProvider.System)
            .RunAsync(cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(_folder[Path.Combine("out", "a.ipynb")], Assert.Single(results).Executed);
        Assert.Equal(
            [new ResultOutput(1, MimeBundle.From("text/plain", "42"))],
            NotebookDocument.Read(results[0].Executed).Cells[1].Outputs);
    }

    private NotebookDocument Read(string text)
    {
        File.WriteAllText(_folder["a.dib"], text);
        return NotebookDocument.Read(_folder["a.dib"]);
    }
}
