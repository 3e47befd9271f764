using MnistLab.Kernel.Documents;

namespace MnistLab.Kernel.Tests;

public sealed class NestedFileTests : IDisposable
{
    private readonly string _name = $"Package{Guid.NewGuid():N}";
    private readonly Session _session = new();

    public NestedFileTests() => Directory.CreateDirectory(_session.Folder["sub/deep"]);

    public void Dispose() => _session.Dispose();

    [Fact]
    public async Task Load_OfAFileInAnotherFolder_FindsWhatLiesBesideThat()
    {
        Write("sub/first.csx", "#load \"deep/second.csx\"\nvar first = second + 1;");
        Write("sub/deep/second.csx", "#load \"third.csx\"\nvar second = third + 1;");
        Write("sub/deep/third.csx", "var third = 1;");
        Assert.Equal("3", await _session.RunAsync("#load \"sub/first.csx\"\nfirst"));
    }

    [Fact]
    public async Task Import_OfAFileInAnotherFolder_FindsWhatLiesBesideThat()
    {
        LibraryTests.Write(_session.Folder["sub/deep"], _name, $"public static class {_name} {{ public static int Number => 4; }}");
        _session.Folder.WriteNotebook("sub/first.ipynb", "#!import deep/second.csx", "#load \"deep/loaded.csx\"", "#!import top.csx");
        Write("sub/deep/second.csx", $"#r \"{_name}.dll\"\nvar number = {_name}.Number;");
        Write("sub/deep/loaded.csx", "var loaded = 5;");
        Write("top.csx", "var top = 6;");
        await _session.RunAsync("#!import sub/first.ipynb");
        Assert.Equal("456", await _session.RunAsync("$\"{number}{loaded}{top}\""));
    }

    [Fact]
    public async Task Load_OfAScriptWithAPackage_RestoresIt()
    {
        new PackageFeed(_session.Folder.Path).Add(_name, "1.0.0", $"public static class {_name} {{ public static int Number => 7; }}");
        Write("sub/outer.csx", "#load \"deep/inner.csx\"");
        Write("sub/deep/inner.csx", $"#!/usr/bin/env dotnet-script\n#r \"nuget: {_name}, 1.0.0\"\n#!time\nvar number = {_name}.Number;");
        Assert.Equal("7", await _session.RunAsync("#load \"sub/outer.csx\"\nnumber"));
    }

    [Fact]
    public async Task Import_OfANotebookWithCellsInOtherLanguages_ShowsThem()
    {
        Write("other.dib", "#!html\n<b>bold</b>\n#!csharp\nvar x = 1;");
        await _session.RunAsync("#!import other.dib");
        Assert.Equal("1", await _session.RunAsync("x"));
        Assert.True(Assert.IsType<DisplayOutput>(Assert.Single(_session.Outputs)).Data.TryGetText("text/html", out _));
    }

    private void Write(string file, string text) => File.WriteAllText(_session.Folder[file], text);
}
