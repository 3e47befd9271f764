using MnistLab.Kernel.Cells;
using MnistLab.Kernel.Documents;
using MnistLab.Testing;

namespace MnistLab.Kernel.Tests;

public sealed class DirectiveLexingTests
{
    private const string Raw = "\"\"\"";

    [Theory]
    [InlineData($"{Raw}\n#!time\n#!/bin/bash\n#!markdown\n#r \"nuget: Missing.Package\"\n{Raw}", "#!time\n#!/bin/bash\n#!markdown\n#r \"nuget: Missing.Package\"")]
    [InlineData($"var n = 1; $$\"\"\"\n#!html {{{{n}}}}\n\"\"\"", "#!html 1")]
    [InlineData("@\"a\n#!csharp\n#i \"\"nuget: nowhere\"\"\"", "a\n#!csharp\n#i \"nuget: nowhere\"")]
    public async Task String_WithLinesThatLookLikeDirectives_IsKeptAsItIs(string code, string value)
    {
        using var session = new Session();
        Assert.Equal(value, await session.RunAsync(code));
        Assert.Empty(session.Outputs);
    }

    [Theory]
    [InlineData("/*\n#r \"nuget: Missing.Package\"\n#!nonsense\n#!html\n*/\n1")]
    [InlineData("/// <summary>\n/**\n#!nonsense\n*/\nint F() => 1; F()")]
    [InlineData("#if NEVER\n#r \"nuget: Missing.Package\"\n#i \"nuget: nowhere\"\n#!nonsense\n#!html\n#endif\n1")]
    [InlineData("#if NEVER\n#!html\n#else\n1\n#endif")]
    [InlineData("#if NEVER\n#load \"missing.csx\"\n  # load \"missing.csx\"\n#r \"missing.dll\"\n#endif\n1")]
    public async Task Comment_OrInactiveSection_WithLinesThatLookLikeDirectives_IsPassedOver(string code)
    {
        using var session = new Session();
        Assert.Equal("1", await session.RunAsync(code));
        Assert.Empty(session.Outputs);
    }

    [Fact]
    public async Task Directive_InAnActiveSection_IsFollowed()
    {
        using var session = new Session();
        Assert.Equal("1", await session.RunAsync("#if !NEVER\n#!time\n#endif\n1"));
        Assert.Single(session.Outputs);
    }

    [Theory]
    [InlineData("#!markdown\n```\n#!/bin/bash\n#!nonsense\n```\nit's /* \"\"\" text\n#!csharp\n1")]
    [InlineData("/* ends */\n#!html\n<b>it's</b>\n#!csharp\n1")]
    public async Task TextInAnotherLanguage_IsNotLexedAsCSharp(string code)
    {
        using var session = new Session();
        Assert.Equal("1", await session.RunAsync(code));
        Assert.IsType<DisplayOutput>(Assert.Single(session.Outputs));
    }

    [Fact]
    public async Task Script_WithAShebangLine_Runs()
    {
        using var session = new Session();
        Assert.Equal("1", await session.RunAsync("#!/usr/bin/env dotnet\n1"));
    }

    [Fact]
    public async Task StringWithoutAnEnd_DoesNotSwallowThePartsThatFollow()
    {
        using var session = new Session();
        var result = await session.TryAsync($"#!html\n<i>first</i>\n#!csharp\nvar x = {Raw}\nopen\n#!html\n<b>bold</b>");
        Assert.Equal(CellErrorKind.Compilation, result.Error!.Kind);
        Assert.StartsWith("(6,1)", result.Error.Message);
    }

    [Fact]
    public async Task Completion_InsideAStringWithDirectives_HasItsPlace()
    {
        using var session = new Session();
        const string code = $"var s = {Raw}\n#!html\n{Raw};\ns.Leng";
        Assert.Equal(["Length"], (await session.CompleteAsync(code, code.Length)).Items.Select(item => item.Text));
    }

    [Fact]
    public void DibFile_WithAStringOfDirectiveLines_KeepsItInOneCell()
    {
        using var folder = new TemporaryFolder();
        const string cell = $"var s = {Raw}\n#!markdown\n#!html\n{Raw};\n/*\n#!fsharp\n*/\ns";
        File.WriteAllText(folder["a.dib"], $"#!markdown\nit's text\n#!csharp\n{cell}\n#!html\n<b>bold</b>");
        Assert.Equal(["it's text", cell, "#!html\n<b>bold</b>"], NotebookDocument.Read(folder["a.dib"]).Cells.Select(read => read.Source));
    }
}
