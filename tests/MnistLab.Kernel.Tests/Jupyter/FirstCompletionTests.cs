using System.Diagnostics;

namespace MnistLab.Kernel.Tests;

public sealed class FirstCompletionTests
{
    private static readonly TimeSpan MaxCost = TimeSpan.FromSeconds(0.3);
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData(2)]
    [InlineData(150)]
    public async Task FirstCompletion_AfterCells_CostsLittleProcessorTime(int cells)
    {
        await using var kernel = new RunningKernel();
        for (var i = 0; i < cells; i++) await kernel.FrontEnd.RunAsync($"var value{i} = \"{i}\";");
        await UntilQuietAsync(kernel.Process);

        var before = ProcessorTimeOf(kernel.Process);
        var completion = await kernel.FrontEnd.RequestAsync("complete_request", new() { ["code"] = "value1.Sub", ["cursor_pos"] = 10 });
        var cost = ProcessorTimeOf(kernel.Process) - before;

        Assert.Contains("Substring", completion.Reply["matches"]!.AsArray().Select(match => (string?)match));
        Assert.True(cost < MaxCost, $"The first completion after {cells} cells took {cost.TotalSeconds:F2} s of processor time.");
    }

    // What a kernel prepares while nobody asks it for anything has no message that tells of its end.
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
