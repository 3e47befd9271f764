using MnistLab.Kernel.Cells;
using MnistLab.Kernel.Documents;

namespace MnistLab.Kernel.Tests;

public sealed class ValueFormattingTests
{
    [Theory]
    [InlineData("while (true) { }")]
    [InlineData("System.Threading.Thread.Sleep(-1);")]
    public async Task Value_ThatNeverYields_IsInterruptedAndTheCellsVariablesStay(string endless)
    {
        using var session = new Session();
        var error = await InterruptedStateTests.InterruptAsync(
            session,
            $"var kept = 5; IEnumerable<int> Endless() {{ yield return 1; Console.WriteLine(\"running\"); {endless} }}\nEndless()");
        Assert.Equal(CellErrorKind.Interrupted, error?.Kind);
        Assert.Equal("5", await session.RunAsync("kept"));
    }

    [Fact]
    public async Task Value_PrintsAndDisplaysWhileItIsFormatted_BothAreOutputsOfTheCell()
    {
        using var session = new Session();
        await session.RunAsync(
            "IEnumerable<int> Talkative() { Console.Write(\"printed\"); display(\"shown\"); yield return 1; }\nTalkative()");
        Assert.Equal(new StreamOutput(StreamName.Stdout, "printed"), session.Outputs[0]);
        Assert.Equal(MimeBundle.From("text/plain", "shown"), Assert.IsType<DisplayOutput>(session.Outputs[1]).Data);
    }

    [Fact]
    public async Task Value_ThrowsWhileItIsFormatted_TheCellsVariablesStay()
    {
        using var session = new Session();
        await session.TryAsync(
            "class Shy { }\nMicrosoft.DotNet.Interactive.Formatting.Formatter.Register<Shy>((shy, writer) => throw new InvalidOperationException(\"will not\"), \"text/plain\");\nvar kept = 5;\nnew Shy()");
        Assert.Equal("5", await session.RunAsync("kept"));
    }

    [Fact]
    public async Task Variables_AreListedWhileOneNeverEnds_CanBeInterrupted()
    {
        using var session = new Session();
        await session.RunAsync(
            "class Slow { public override string ToString() { Console.WriteLine(\"running\"); while (true) { } } }\nMicrosoft.DotNet.Interactive.Formatting.Formatter.Register<Slow>(slow => slow.ToString(), \"text/plain\");\nvar slow = new Slow();");
        Assert.Equal(CellErrorKind.Interrupted, (await InterruptedStateTests.InterruptAsync(session, "#!whos"))?.Kind);
        Assert.Equal("1", await session.RunAsync("1"));
    }
}
