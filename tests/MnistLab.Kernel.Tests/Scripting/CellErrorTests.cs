using MnistLab.Kernel.Cells;

namespace MnistLab.Kernel.Tests;

public sealed class CellErrorTests
{
    [Fact]
    public async Task Cell_DoesNotCompile_EveryObjectionHasItsLineAndColumn()
    {
        using var session = new Session();
        var error = (await session.TryAsync("var fine = 1;\n  missing();\nint y = \"text\";")).Error!;
        Assert.Equal(CellErrorKind.Compilation, error.Kind);
        Assert.Equal("CompilationError", error.Name);
        Assert.Equal(2, error.Traceback.Count);
        Assert.StartsWith("(2,3): error CS0103: ", error.Traceback[0]);
        Assert.StartsWith("(3,9): error CS0029: ", error.Traceback[1]);
        Assert.Equal(error.Traceback[0], error.Message);
    }

    [Fact]
    public async Task Cell_Throws_TracebackHasTheLinesOfItsCellsAndNothingOfTheEngine()
    {
        using var session = new Session();
        await session.RunAsync("void Fail(int depth)\n{\n    throw new InvalidOperationException(\"on purpose\");\n}");
        var error = (await session.TryAsync("var x = 1;\n\nFail(x);")).Error!;
        Assert.Equal(("System.InvalidOperationException", "on purpose"), (error.Name, error.Message));
        Assert.Equal(
            ["System.InvalidOperationException: on purpose", "   at Fail(Int32 depth) in cell 1, line 3", "   at cell 2, line 3"],
            error.Traceback);
    }

    [Fact]
    public async Task Cell_ThrowsAnExceptionOfItsOwn_IsNamedAsTheCellNamesIt()
    {
        using var session = new Session();
        await session.RunAsync("class Shop { public class Closed : Exception { public Shop Of() => throw this; } }");
        var error = (await session.TryAsync("new Shop.Closed().Of()")).Error!;
        Assert.Equal("Shop+Closed", error.Name);
        Assert.StartsWith("Shop+Closed: ", error.Traceback[0]);
        Assert.DoesNotContain(error.Traceback, line => line.Contains("Submission#"));
    }

    [Fact]
    public async Task Cell_ThrowsAfterAnAwait_TracebackHasItsLine()
    {
        using var session = new Session();
        var error = (await session.TryAsync("await Task.Yield();\nawait Task.Run(() => int.Parse(\"x\"));")).Error!;
        Assert.Equal("System.FormatException", error.Name);
        Assert.Contains("   at cell 1, line 2", error.Traceback);
        Assert.DoesNotContain(error.Traceback, line =>
            line.Contains("Submission") && line.Contains("Initialize>>") || line.Contains("Microsoft.CodeAnalysis"));
    }

    [Fact]
    public async Task Cell_WaitsForATaskThatThrows_ErrorIsTheTasks()
    {
        using var session = new Session();
        var error = (await session.TryAsync("Task.Run(() => throw new InvalidOperationException(\"inside\")).Wait();")).Error!;
        Assert.Equal(("System.InvalidOperationException", "inside"), (error.Name, error.Message));
    }

    [Fact]
    public async Task Value_WhoseFormatterThrows_FailsTheCell()
    {
        using var session = new Session();
        var error = (await session.TryAsync(
            "class Shy { }\nMicrosoft.DotNet.Interactive.Formatting.Formatter.Register<Shy>((shy, writer) => throw new InvalidOperationException(\"will not\"), \"text/plain\");\nnew Shy()")).Error!;
        Assert.Equal("will not", error.Message);
    }
}
