using System.Diagnostics;

namespace MnistLab.Kernel.Tests;

public sealed class FirstCompletionTests
{
    private static readonly TimeSpan MaxCost = TimeSpan.FromSeconds(0.3);
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task FirstCompletion_BeforeAnyCell_CostsLittleProcessorTime()
    {
        await using var kernel = new RunningKernel();
        await kernel.FrontEnd.RequestAsync("kernel_info_request", []);
        await UntilQuietAsync(kernel.Process);

        await AssertCostsLittleAsync(kernel, "string.Empty.Sub");
    }

    [Fact]
    public async Task FirstCompletion_RightAfterTheFirstCell_CostsLittleProcessorTime()
    {
        await using var kernel = new RunningKernel();
        await kernel.FrontEnd.RequestAsync("kernel_info_request", []);
        await UntilQuietAsync(kernel.Process);
        await kernel.FrontEnd.RunAsync("var value1 = \"1\";");

        await AssertCostsLittleAsync(kernel, "value1.Sub");
    }

    [Theory]
    [InlineData(2)]
    [InlineData(150)]
    public async Task FirstCompletion_AfterCells_CostsLittleProcessorTime(int cells)
    {
        await using var kernel = new RunningKernel();
        for (var i = 0; i < cells; i++) await kernel.FrontEnd.RunAsync($"var value{i} = \"{i}\";");
        await UntilQuietAsync(kernel.Process);

        await AssertCostsLittleAsync(kernel, "value1.Sub");
    }

    private static async Task AssertCostsLittleAsync(RunningKernel kernel, string code)
    {
        var before = ProcessorTimeOf(kernel.Process);
        var completion = await kernel.FrontEnd.RequestAsync("complete_request", new() { ["code"] = code, ["cursor_pos"] = code.Length });
        var cost = ProcessorTimeOf(kernel.Process) - before;

        Assert.Contains("Substring", completion.Reply["matches"]!.AsArray().Select(match => (string?)match));
        Assert.True(cost < MaxCost, $"The first completion took {cost.TotalSeconds:F2} s of processor time.");
    }

    // The background preparation of an idle kernel does not send a message when it ends.
    private static async Task UntilQuietAsync(Process process)
    {
        var started = Stopwatch.GetTimestamp();
        for (var last = -Patience; ProcessorTimeOf(process) - last > TimeSpan.FromMilliseconds(20);)
        {
            Assert.True(Stopwatch.GetElapsedTime(started) < Patience, "The kernel is busy without a request.");
            last = ProcessorTimeOf(process);
            await Task.Delay(Quiet, TestContext.Current.CancellationToken);
        }
    }

    private static TimeSpan ProcessorTimeOf(Process process)
    {
        process.Refresh();
        return process.TotalProcessorTime;
    }
}
