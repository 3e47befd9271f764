using MnistLab.Kernel.Documents;
using MnistLab.Kernel.Running;
using MnistLab.Kernel.Sessions;

namespace MnistLab.Kernel.Tests;

public sealed class PortabilityTests
{
    private const string Expected = "//> ";

    private static string Folder => Path.Combine(Repository.Folder, "notebooks");

    /// <summary>Gets the notebooks of this repository, in all languages, and the corpus.</summary>
    public static TheoryData<string> Notebooks =>
        [.. Directory.GetFiles(Folder, "*.ipynb", SearchOption.AllDirectories).Order(), Corpus];

    private static string Corpus => Path.Combine(AppContext.BaseDirectory, "Portability", "corpus.dib");

    [Theory]
    [MemberData(nameof(Notebooks))]
    public void Notebook_HasNothingThatOnlyOneKernelHas(string file)
    {
        var cells = NotebookDocument.Read(file).Cells.Where(cell => cell.Kind == CellKind.Code).ToList();
        var found = from cell in cells.Index()
                    let before = cells.Take(cell.Index).Select(earlier => earlier.Source)
                    from violation in PortabilityRules.Violations(cell.Item.Source, before)
                    select $"{Path.GetFileName(file)}, {cell.Item.Id}: {violation}";
        Assert.Empty(found);
    }

    [Fact]
    public async Task Corpus_RunHere_ShowsWhatItSays()
    {
        var corpus = NotebookDocument.Read(Corpus);
        await new NotebookRunner(TimeProvider.System, new() { AllowErrors = true }).RunAsync(
            corpus, null, TestContext.Current.CancellationToken);
        var cells = corpus.Cells.Where(cell => cell.Kind == CellKind.Code).ToList();

        Assert.True(cells.Count > 60);
        Assert.Equal(
            cells.Select(
                cell =>
                    $"{cell.Source}\n{string.Join('\n', cell.Source.Split('\n').Where(line => line.StartsWith(Expected, StringComparison.Ordinal)).Select(line => line[Expected.Length..]))}"),
            cells.Select(cell => $"{cell.Source}\n{string.Join('\n', cell.Outputs.Select(Text).Where(text => text.Length > 0))}"));
    }

    [Theory]
    [InlineData("using var x = new System.IO.MemoryStream();", "syntax error")]
    [InlineData("await using var x = Open();", "syntax error")]
    [InlineData("namespace A { class B { } }", "namespace")]
    [InlineData("namespace A;\nclass B { }", "namespace")]
    [InlineData("file class A { }", "file-local")]
    [InlineData("static class A { public static int Twice(this int x) => 2 * x; }", "extension methods")]
    [InlineData("static class A { extension(int x) { public int Twice() => 2 * x; } }", "extension methods")]
    [InlineData("var x = 1", "semicolon|syntax error")]
    [InlineData("int F() => 1", "syntax error")]
    [InlineData("ref int x = ref y;", "syntax error")]
    [InlineData("Span<int> x = new int[3];", "span")]
    [InlineData("global using System.IO;", "global using")]
    [InlineData("[assembly: System.Obsolete]", "attribute|syntax error")]
    [InlineData("ClearOutput();", "ClearOutput")]
    [InlineData("display(1).Update(2);", "update")]
    [InlineData("1.Display().Update(2);", "update")]
    [InlineData("new HtmlString(\"x\")", "Microsoft.AspNetCore.Html")]
    [InlineData("KernelInvocationContext.Current.Display(1, \"text/html\");", "using Microsoft.DotNet.Interactive;")]
    [InlineData("using System.Net.Http.Json;\nJsonContent.Create(1)", "#r \"System.Net.Http.Json\"")]
    [InlineData("#!lsmagic", "#!lsmagic")]
    [InlineData("#!fsharp\nlet x = 1", "#!fsharp")]
    public void Rules_FindWhatIsNotPortable(string cell, string violation) =>
        Assert.Contains(
            PortabilityRules.Violations(cell),
            found => violation.Split('|').Any(part => found.Contains(part, StringComparison.Ordinal)));

    [Theory]
    [InlineData("using (var x = Open()) { }")]
    [InlineData("void F() { using var x = Open(); Span<int> y = stackalloc int[1]; ref int z = ref y[0]; }")]
    [InlineData("static int Twice(this int x) => 2 * x;")]
    [InlineData("static class A { public static int Twice(int x) => 2 * x; }")]
    [InlineData("using System.IO;\nvar x = 1;\nx")]
    [InlineData("#!time\n#r \"nuget: A, 1.0\"\n1")]
    [InlineData("Microsoft.DotNet.Interactive.KernelInvocationContext.Current.Display(1, \"text/html\").Update(2);")]
    [InlineData("using Microsoft.DotNet.Interactive;\nKernelInvocationContext.Current.Display(1, \"text/html\");")]
    [InlineData("using Microsoft.AspNetCore.Html;\nnew HtmlString(\"x\")")]
    [InlineData("new Microsoft.AspNetCore.Html.HtmlString(\"x\")")]
    [InlineData("#r \"System.Net.Http.Json\"\nusing System.Net.Http.Json;\nJsonContent.Create(1)")]
    [InlineData("// comment only")]
    public void Rules_LeaveWhatIsPortable(string cell) => Assert.Empty(PortabilityRules.Violations(cell));

    [Fact]
    public void Rules_PrecedingCellsImportAndReference_FindNothing() => Assert.Empty(PortabilityRules.Violations(
        "using System.Net.Http.Json;\nnew HtmlString(\"x\")",
        "using Microsoft.AspNetCore.Html;",
        "#r \"System.Net.Http.Json\""));

    [Fact]
    public void DefaultUsings_AreThoseOfDotNetInteractiveAndHtml() => Assert.Equal(
        [
            "Microsoft.AspNetCore.Html", "Microsoft.DotNet.Interactive.Kernel",
            "System", "System.Collections", "System.Collections.Generic", "System.Linq", "System.Text", "System.Threading.Tasks",
        ],
        ScriptSession.DefaultUsings.Order(StringComparer.Ordinal));

    private static string Text(NotebookOutput output) => (output switch
    {
        StreamOutput stream => stream.Text,
        DisplayOutput display => Plain(display.Data),
        ResultOutput result => Plain(result.Data),
        ErrorOutput error => $"{error.Name}: {error.Message}",
        _ => "",
    }).TrimEnd('\n');

    private static string Plain(MimeBundle data) => data.TryGetText("text/plain", out var text)
        && !text.StartsWith("Wall time", StringComparison.Ordinal) ? text : "";
}
