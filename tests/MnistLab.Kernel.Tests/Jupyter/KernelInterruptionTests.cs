using System.Runtime.InteropServices;

namespace MnistLab.Kernel.Tests;

public sealed class KernelInterruptionTests(RunningKernel kernel) : IClassFixture<RunningKernel>
{
    // Twice each: what stops the first time has to stop the second time too.
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
    public async Task Kernel_IsInterruptedWhileIdle_GoesOn()
    {
        Assert.Equal("ok", (await kernel.FrontEnd.RequestAsync("interrupt_request", [], JupyterChannel.Control)).Status);
        Assert.Equal("2", (await kernel.FrontEnd.RunAsync("1 + 1")).Value);
    }

    private async Task InterruptAsync(string endless, Action interrupt)
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
