using MnistLab.Kernel.Cells;

namespace MnistLab.Kernel.Tests;

public sealed class ScriptSessionTests
{
    [Fact]
    public async Task Cell_NamesWhatEarlierCellsDefined_SeesVariablesTypesMethodsAndUsings()
    {
        using var session = new Session();
        await session.RunAsync("using System.Globalization;\nvar price = 20;\nrecord Shop(string Name);\nint Twice(int x) => 2 * x;");
        Assert.Equal("40", await session.RunAsync("Twice(price)"));
        Assert.Equal("corner", await session.RunAsync("new Shop(\"corner\").Name"));
        Assert.Equal("1.5", await session.RunAsync("1.5.ToString(CultureInfo.InvariantCulture)"));
    }

    [Fact]
    public async Task Cell_DefinesANameAnew_LaterCellsSeeTheNewOne()
    {
        using var session = new Session();
        await session.RunAsync("var x = 1; class Shape { public int Corners => 3; }");
        await session.RunAsync("var x = \"text\"; class Shape { public int Corners => 4; }");
        Assert.Equal("text4", await session.RunAsync("x + new Shape().Corners"));
    }

    [Theory]
    [InlineData("1 + 1", "2")]
    [InlineData("Math.Abs(-1);", null)]
    [InlineData("var x = 3;", null)]
    [InlineData("Console.Write(\"\")", null)]
    [InlineData("await Task.FromResult(5)", "5")]
    [InlineData("await Task.Delay(0)", null)]
    [InlineData("(string)null", "<null>")]
    [InlineData("", null)]
    [InlineData("// nothing", null)]
    [InlineData("return 42;", "42")]
    [InlineData("if (1 < 2) return 42;\n7", "42")]
    [InlineData("int F() { return 1; }", null)]
    [InlineData("return;", null)]
    public async Task Cell_ByItsEnd_HasAValueOrNone(string code, string? value)
    {
        using var session = new Session();
        Assert.Equal(value, await session.RunAsync(code));
    }

    [Theory]
    [InlineData("new List<int> { 1 }.Select(x => x + 1).Single()", "2")]
    [InlineData("new StringBuilder(\"a\").Append('b').ToString()", "ab")]
    [InlineData("Task.FromResult(1).Result", "1")]
    [InlineData("new HtmlString(\"<i>\").Value", "<i>")]
    [InlineData("new System.Net.Http.HttpClient().BaseAddress is null", "True")]
    [InlineData("System.IO.Path.GetFileName(\"a/b\")", "b")]
    [InlineData("new Microsoft.AspNetCore.Http.PathString(\"/x\").HasValue", "True")]
    public async Task Cell_NamesThePlatform_NeedsNoReference(string code, string value)
    {
        using var session = new Session();
        Assert.Equal(value, await session.RunAsync(code));
    }

    [Fact]
    public async Task Cells_UseAspNetCoreAfterItsUsing_NeedNoReference()
    {
        using var session = new Session();
        await session.RunAsync("using Microsoft.AspNetCore.Builder;");

        Assert.Equal("0", await session.RunAsync(
            "var builder = WebApplication.CreateSlimBuilder(); builder.Environment.EnvironmentName.Length * 0"));
    }

    [Theory]
    [InlineData("Path.GetTempPath()")]
    [InlineData("Thread.Yield()")]
    public async Task Cell_NamesWhatDotNetInteractiveDoesNotImport_DoesNotCompile(string code)
    {
        using var session = new Session();
        Assert.Equal(CellErrorKind.Compilation, (await session.TryAsync(code)).Error?.Kind);
    }

    [Fact]
    public async Task Cell_AwaitsAfterSwitchingThreads_KeepsItsState()
    {
        using var session = new Session();
        await session.RunAsync("var total = 0;\nfor (var i = 0; i < 50; i++) { await Task.Yield(); total += await Task.Run(() => i); }");
        Assert.Equal("1225", await session.RunAsync("total"));
    }

    [Fact]
    public async Task Cell_BlocksOnItsOwnContinuation_DoesNotDeadlock()
    {
        using var session = new Session();
        await session.RunAsync("async Task<int> Slowly() { await Task.Yield(); await Task.Delay(1); return 7; }");
        Assert.Equal("7", await session.RunAsync("Slowly().Result"));
        Assert.Equal("7", await session.RunAsync("await Task.Yield(); Slowly().Result"));
    }

    [Fact]
    public async Task Cell_Throws_WhatItDidBeforeStays()
    {
        using var session = new Session();
        var result = await session.TryAsync("var kept = 5;\nthrow new Exception(\"on purpose\");");
        Assert.Equal((1, CellErrorKind.Exception), (result.Number, result.Error?.Kind));
        Assert.Equal("5", await session.RunAsync("kept"));
    }

    [Fact]
    public async Task Cell_DoesNotCompile_ChangesNothingAndSessionGoesOn()
    {
        using var session = new Session();
        await session.RunAsync("var x = 1;");
        await session.TryAsync("x = 2; int y = \"text\";");
        Assert.Equal("1", await session.RunAsync("x"));
    }

    [Fact]
    public async Task Session_RunsCells_NumbersThemFromOne()
    {
        using var session = new Session();
        Assert.Equal(1, (await session.TryAsync("1")).Number);
        Assert.Equal(2, (await session.TryAsync("nonsense")).Number);
        Assert.Equal(3, (await session.TryAsync("1")).Number);
    }

    [Fact]
    public async Task Load_OfARelativeFile_StartsAtTheSessionsFolder()
    {
        using var session = new Session();
        await File.WriteAllTextAsync(session.Folder["more.csx"], "var loaded = 11;", TestContext.Current.CancellationToken);
        await session.RunAsync("#load \"more.csx\"");
        Assert.Equal("11", await session.RunAsync("loaded"));
    }
}
