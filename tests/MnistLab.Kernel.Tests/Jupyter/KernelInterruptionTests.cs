using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using MnistLab.Kernel.Jupyter;

namespace MnistLab.Kernel.Tests;

public sealed class KernelInterruptionTests(RunningKernel kernel) : IClassFixture<RunningKernel>
{
    // Each cell is interrupted twice: if it stops the first time, it must also stop the second time.
    [Theory]
    [InlineData("while (true) { }")]
    [InlineData("System.Threading.Thread.Sleep(-1);")]
    [InlineData("await Task.Delay(-1);")]
    [InlineData("await Task.Yield(); while (true) { }")]
    [InlineData("try { while (true) { } } finally { kept++; }")]
    [InlineData("Console.ReadLine();")]
    [InlineData("Task.Run(() => new System.Threading.ManualResetEventSlim().Wait(5000)).Wait();")]
    public async Task Cell_IsInterruptedByMessage_StopsAndItsStateStays(string endless)
    {
        await kernel.FrontEnd.RunAsync("var kept = 1;");
        for (var round = 0; round < 2; round++)
            await InterruptAsync(endless, () => kernel.FrontEnd.Send("interrupt_request", [], JupyterChannel.Control));

        Assert.Contains((await kernel.FrontEnd.RunAsync("kept")).Value, new[] { "1", "3" });
    }

    [Fact]
    public async Task Cell_IsInterruptedBySignal_Stops()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no signals.");
        await InterruptAsync("while (true) { }", () => _ = Signal(kernel.Process.Id, Interrupt));
        Assert.Equal("2", (await kernel.FrontEnd.RunAsync("1 + 1")).Value);
    }

    [Fact]
    public async Task Kernel_WhoseParentIgnoresTheSignal_IsInterruptedByIt()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no signals.");
        await using var ignored = RunningKernel.WhoseParentIgnoresInterrupts();
        await InterruptAsync(ignored, "while (true) { }", () => _ = Signal(ignored.Process.Id, Interrupt));
        Assert.Equal("2", (await ignored.FrontEnd.RunAsync("1 + 1")).Value);
    }

    [Fact]
    public async Task Cell_IsInterruptedWhileItWaitsForItsTurn_IsAnsweredAndTheKernelGoesOn()
    {
        // The first cells of a kernel wait until it is warm.
        await using var fresh = new RunningKernel();
        await fresh.FrontEnd.WaitUntilReadyAsync();
        var queued = fresh.FrontEnd.Send("execute_request", FrontEnd.Execute("1 + 1", ("stop_on_error", false)));
        for (var i = 0; i < 20; i++)
            Assert.Equal("ok", (await fresh.FrontEnd.RequestAsync("interrupt_request", [], JupyterChannel.Control)).Status);

        Assert.Contains((await fresh.FrontEnd.AnswerAsync(queued)).Status, new[] { "ok", "error" });
        Assert.Equal("4", (await fresh.FrontEnd.RunAsync("2 + 2")).Value);
    }

    [Fact]
    public async Task UserExpressions_AreInterrupted_AreAnsweredAndTheKernelGoesOn()
    {
        await kernel.FrontEnd.RunAsync("bool Block() { Console.WriteLine(\"running\"); System.Threading.Thread.Sleep(-1); return true; }");
        var running = kernel.FrontEnd.Send(
            "execute_request",
            FrontEnd.Execute("1", ("user_expressions", new JsonObject { ["blocks"] = "Block()", ["next"] = "1" })));
        var messages = new List<JupyterMessage>();
        await foreach (var message in kernel.FrontEnd.MessagesAsync(running))
        {
            messages.Add(message);
            if (message.Type == "stream") kernel.FrontEnd.Send("interrupt_request", [], JupyterChannel.Control);
        }

        var reply = new Answer(messages).Reply;
        Assert.Equal("ok", (string?)reply["status"]);
        Assert.Equal(
            ["KeyboardInterrupt", "KeyboardInterrupt"],
            reply["user_expressions"]!.AsObject().Select(expression => (string?)expression.Value!["ename"]));
        Assert.Equal("2", (await kernel.FrontEnd.RunAsync("1 + 1")).Value);
    }

    [Fact]
    public async Task Interruptions_AtAnyPointOfCells_LeaveNoCellWithoutAnswer()
    {
        await kernel.FrontEnd.RunAsync("1");
        var isDone = false;
        var interrupting = Task.Run(
            async () =>
            {
                while (!Volatile.Read(ref isDone)) await kernel.FrontEnd.RequestAsync("interrupt_request", [], JupyterChannel.Control);
            },
            TestContext.Current.CancellationToken);
        var statuses = new List<string>();
        for (var i = 0; i < 40; i++)
        {
            var code = $"var x{i} = {i}; Console.WriteLine(x{i}); await Task.Yield(); new[] {{ x{i} }}";
            statuses.Add((await kernel.FrontEnd.RunAsync(
                code, ("user_expressions", new JsonObject { ["a"] = "1 + 1", ["b"] = "2 + 2" }))).Status);
        }

        Volatile.Write(ref isDone, true);
        await interrupting;
        Assert.All(statuses, status => Assert.Contains(status, new[] { "ok", "error" }));
        Assert.Equal("2", (await kernel.FrontEnd.RunAsync("1 + 1")).Value);
    }

    [Fact]
    public async Task Kernel_IsInterruptedWhileIdle_GoesOn()
    {
        Assert.Equal("ok", (await kernel.FrontEnd.RequestAsync("interrupt_request", [], JupyterChannel.Control)).Status);
        Assert.Equal("2", (await kernel.FrontEnd.RunAsync("1 + 1")).Value);
    }

    private Task InterruptAsync(string endless, Action interrupt) => InterruptAsync(kernel, endless, interrupt);

    private static async Task InterruptAsync(RunningKernel kernel, string endless, Action interrupt)
    {
        await kernel.FrontEnd.WaitUntilReadyAsync();
        var running = kernel.FrontEnd.Send("execute_request", FrontEnd.Execute($"Console.WriteLine(\"running\"); {endless}"));
        var messages = new List<JupyterMessage>();
        await foreach (var message in kernel.FrontEnd.MessagesAsync(running))
        {
            messages.Add(message);
            if (message.Type == "stream") interrupt();
        }

        Assert.Equal("KeyboardInterrupt", (string?)new Answer(messages).Reply["ename"]);
    }

    private const int Interrupt = 2;

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int Signal(int process, int signal);
}
