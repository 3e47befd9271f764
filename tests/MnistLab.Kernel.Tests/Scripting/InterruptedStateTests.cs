using MnistLab.Kernel.Cells;
using MnistLab.Kernel.Documents;
using MnistLab.Kernel.Running;
using MnistLab.Testing;

namespace MnistLab.Kernel.Tests;

public sealed class InterruptedStateTests
{
    [Theory]
    [InlineData("while (true) { }")]
    [InlineData("System.Threading.Thread.Sleep(-1);")]
    [InlineData("await Task.Delay(-1);")]
    [InlineData("await Task.Yield(); while (true) { }")]
    [InlineData("await Task.Yield(); System.Threading.Thread.Sleep(-1);")]
    public async Task Cell_IsInterrupted_WhatItDeclaredStays(string endless)
    {
        using var session = new Session();
        await session.RunAsync("var count = 0;");
        var error = await InterruptAsync(session, $$"""
            using System.Globalization;
            var kept = new List<int> { 7 };
            int Twice(int x) => 2 * x;
            record Shop(string Name);
            count++;
            Console.WriteLine("running");
            {{endless}}
            """);

        Assert.Equal(CellErrorKind.Interrupted, error?.Kind);
        Assert.Equal("15", await session.RunAsync("kept.Count + Twice(kept[0])"));
        Assert.Equal("corner", await session.RunAsync("new Shop(\"corner\").Name"));
        Assert.Equal("1.5", await session.RunAsync("1.5.ToString(CultureInfo.InvariantCulture)"));
        Assert.Equal("1", await session.RunAsync("count"));
        Assert.Contains((await session.CompleteAsync("kept.Cou", "kept.Cou".Length)).Items, item => item.Text == "Count");
    }

    [Fact]
    public async Task Cell_IsInterruptedTwice_BothKeepWhatTheyDeclared()
    {
        using var session = new Session();
        await InterruptAsync(session, "var first = 1; Console.WriteLine(\"running\"); while (true) { }");
        await InterruptAsync(session, "var second = first + 1; Console.WriteLine(\"running\"); while (true) { }");
        Assert.Equal("3", await session.RunAsync("first + second"));
    }

    [Fact]
    public async Task Cell_IsOverItsLimit_WhatItDeclaredStays()
    {
        using var folder = new TemporaryFolder();
        var notebook = NotebookDocument.Read(folder.WriteNotebook("a.ipynb", "var kept = 7; Console.Write(1); while (true) { }", "kept"));
        var clock = new TriggeredClock();
        var progress = new ProgressLog<CellProgress>(report =>
        {
            if (report.Stage == CellStage.Wrote) Task.Run(clock.Trigger);
        });
        var options = new NotebookRunOptions { CellTimeout = TimeSpan.FromSeconds(2), AllowErrors = true };
        await new NotebookRunner(clock, options).RunAsync(notebook, progress, TestContext.Current.CancellationToken);

        Assert.Equal("CellTimeout", Assert.IsType<ErrorOutput>(notebook.Cells[0].Outputs[^1]).Name);
        Assert.Equal([new ResultOutput(2, MimeBundle.From("text/plain", "7"))], notebook.Cells[1].Outputs);
    }

    internal static async Task<CellError?> InterruptAsync(Session session, string code)
    {
        var written = Written(session);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var running = session.TryAsync(code, stop.Token);
        while (Written(session) == written && !running.IsCompleted) await Task.Yield();
        await stop.CancelAsync();
        return (await running).Error;
    }

    private static int Written(Session session) => session.Outputs.OfType<StreamOutput>().Sum(output => output.Text.Length);
}
