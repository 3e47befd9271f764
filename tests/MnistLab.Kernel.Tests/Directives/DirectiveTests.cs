using MnistLab.Kernel.Cells;
using MnistLab.Kernel.Directives;
using MnistLab.Kernel.Documents;

namespace MnistLab.Kernel.Tests;

public sealed class DirectiveTests
{
    [Fact]
    public async Task Cell_OfSeveralParts_ShowsAllOfThemInOrderAndEndsWithTheLast()
    {
        using var session = new Session();
        var value = await session.RunAsync("#!markdown\n# Title\ntext\n#!csharp\n1 + 1\n#!html\n<b>bold</b>\n#!csharp\n2 + 2");

        Assert.Equal("4", value);
        Assert.Equal(
            [("text/markdown", "# Title\ntext"), ("text/plain", "2"), ("text/html", "<b>bold</b>")],
            session.Outputs.Cast<DisplayOutput>().Select(
                output => (output.Data.MimeTypes[0], output.Data[output.Data.MimeTypes[0]]!.GetValue<string>())));
    }

    [Fact]
    public async Task Error_BehindDirectives_HasItsLineInTheCell()
    {
        using var session = new Session();
        var compilation = (await session.TryAsync("#!markdown\ntext\n#!csharp\n#!time\nint x = \"\";")).Error!;
        var exception = (await session.TryAsync("#!time\n\nthrow new Exception(\"on purpose\");")).Error!;

        Assert.StartsWith("(5,9)", compilation.Message);
        Assert.Contains("   at cell 2, line 3", exception.Traceback);
    }

    [Fact]
    public async Task Time_IsAskedFor_IsShown()
    {
        using var session = new Session();
        Assert.Equal("2", await session.RunAsync("#!time\n1 + 1"));
        Assert.Matches(@"^Wall time: [\d.]+ ms$", session.Outputs.Cast<DisplayOutput>().Single().Data["text/plain"]!.GetValue<string>());
    }

    [Fact]
    public async Task Whos_AfterAVariableWasDefinedAnew_ShowsItOnceAsItIs()
    {
        using var session = new Session();
        await session.RunAsync("var x = 1; var y = \"why\";");
        await session.RunAsync("var x = 2.5;");
        await session.RunAsync("#!whos");
        await session.RunAsync("#!who");

        string[] shown = [.. session.Outputs.Cast<DisplayOutput>().Select(output => output.Data["text/plain"]!.GetValue<string>())];
        Assert.Equal(
            ["Variable  Type           Value", "y         System.String  why", "x         System.Double  2.5"],
            shown[0].Split('\n'));
        Assert.Equal("y\nx", shown[1]);
    }

    [Theory]
    [InlineData("#!fsharp\nlet x = 1", "(1,1)", "#!fsharp")]
    [InlineData("1\n#!import", "(2,1)", "#!import")]
    public async Task Directive_ThatCannotBeFollowed_IsNamedWithItsLineAndNothingRuns(string code, string place, string name)
    {
        using var session = new Session();
        var error = (await session.TryAsync(code)).Error!;
        Assert.Equal(CellErrorKind.Compilation, error.Kind);
        Assert.StartsWith(place, error.Message);
        Assert.Contains(name, error.Message);
        Assert.Empty(session.Outputs);
    }

    [Fact]
    public async Task Import_OfANotebook_RunsItsCells()
    {
        using var session = new Session();
        session.Folder.WriteNotebook("helpers.ipynb", "var helper = 20;", "int Double(int x) => 2 * x;");
        await File.WriteAllTextAsync(session.Folder["more.cs"], "var more = Double(helper) + 2;", TestContext.Current.CancellationToken);
        await session.RunAsync("#!import helpers.ipynb\n#!import \"more.cs\"");
        Assert.Equal("42", await session.RunAsync("more"));
    }

    [Fact]
    public void CSharp_OfACell_IsAsLongAsTheCell()
    {
        const string code = "#!markdown\nvar x\n#!csharp\n#r \"nuget: A, 1.0\"\nvar y = 1; // 🎈";
        var csharp = CellSource.CSharpOf(code);
        Assert.Equal(
            (code.Length, code.IndexOf("var y", StringComparison.Ordinal)),
            (csharp.Length, csharp.IndexOf("var y", StringComparison.Ordinal)));
        Assert.DoesNotContain("var x", csharp);
    }

    [Theory]
    [InlineData("#r \"nuget: A.B, 1.2.3\"", "A.B", "1.2.3")]
    [InlineData("  #r \"nuget:A.B\"  // why", "A.B", null)]
    [InlineData("#r \"NuGet: A , [1.0,2.0) \"", "A", "[1.0,2.0)")]
    [InlineData("#r \"nuget: A, *-*\";\r", "A", "*-*")]
    public void Package_InItsForms_IsRead(string line, string name, string? version) =>
        Assert.Equal([new PackageDirective(1, name, version)], CellSource.Parse(line).Packages);
}
