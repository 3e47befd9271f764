using MnistLab.Kernel.Cells;
using MnistLab.Testing;

namespace MnistLab.Kernel.Tests;

public sealed class ThreadStateTests
{
    [Theory]
    [InlineData("System.Globalization.CultureInfo.CurrentCulture = new(\"de-DE\");")]
    [InlineData("await Task.Yield(); System.Globalization.CultureInfo.CurrentCulture = new(\"de-DE\");")]
    [InlineData("System.Globalization.CultureInfo.CurrentCulture = new(\"de-DE\")")]
    [InlineData("System.Threading.Thread.CurrentThread.CurrentCulture = new System.Globalization.CultureInfo(\"de-DE\");")]
    public async Task Culture_IsSetByACell_HoldsInLaterCells(string code)
    {
        using var session = new Session();
        await session.TryAsync(code);
        Assert.Equal("1,5", await session.RunAsync("1.5.ToString()"));
        await InterruptedStateTests.InterruptAsync(session, "Console.WriteLine(\"running\"); while (true) { }");
        Assert.Equal("1,5", await session.RunAsync("1.5.ToString()"));
    }

    [Fact]
    public async Task ThreadStatic_IsSetByACell_HoldsInTheNext()
    {
        using var session = new Session();
        await session.RunAsync("class State { [ThreadStatic] public static int Value; }");
        await session.RunAsync("State.Value = 5;");
        Assert.Equal("5", await session.RunAsync("State.Value"));
        await session.TryAsync("throw new Exception(\"on purpose\");");
        Assert.Equal("5", await session.RunAsync("State.Value"));
    }

    [Fact]
    public async Task GradientMode_IsSetByACell_HoldsInTheNext()
    {
        using var session = new Session();
        await session.RunAsync(
            $"#r \"{Path.Combine(Repository.Folder, "artifacts", "lib", "MnistLab.Notebooks.dll")}\"\nusing static TorchSharp.torch;");
        await session.RunAsync("set_grad_enabled(false);");
        Assert.Equal("False", await session.RunAsync("is_grad_enabled()"));
    }

    [Fact]
    public async Task Cell_IsInterruptedAfterManyOthers_Stops()
    {
        using var session = new Session();
        for (var round = 0; round < 8; round++)
        {
            for (var i = 0; i < 5; i++) await session.RunAsync("await Task.Yield(); 1");
            Assert.Equal(CellErrorKind.Interrupted, (await InterruptedStateTests.InterruptAsync(
                session, "Console.WriteLine(\"running\"); while (true) { }"))?.Kind);
        }
    }

    [Fact]
    public async Task Cell_InterruptsItsOwnThread_TheNextCellRuns()
    {
        using var session = new Session();
        await session.TryAsync("System.Threading.Thread.CurrentThread.Interrupt();");
        var next = session.RunAsync("1 + 1");
        Assert.Equal("2", await next.WaitAsync(Patience.Limit, TestContext.Current.CancellationToken));
    }
}
