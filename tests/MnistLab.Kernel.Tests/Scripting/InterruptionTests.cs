using MnistLab.Kernel.Cells;
using MnistLab.Kernel.Documents;

namespace MnistLab.Kernel.Tests;

public sealed class InterruptionTests
{
    // Each cell is interrupted twice: if it stops the first time, it must also stop the second time.
    [Theory]
    [InlineData("while (true) { }")]
    [InlineData("while (true) { try { while (true) { } } catch { } }")]
    [InlineData("System.Threading.Thread.Sleep(-1);")]
    [InlineData("await Task.Delay(-1);")]
    [InlineData("await Task.Yield(); while (true) { }")]
    [InlineData("new System.Threading.ManualResetEvent(false).WaitOne();")]
    public async Task Cell_IsCancelled_StopsAndTheSessionGoesOn(string endless)
    {
        using var session = new Session();
        await session.RunAsync("var kept = 1; var started = new System.Threading.ManualResetEventSlim();");
        for (var round = 0; round < 2; round++)
        {
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
            var running = session.TryAsync("Console.WriteLine(\"running\"); " + endless, stop.Token);
            while (session.Outputs.OfType<StreamOutput>().Sum(output => output.Text.Length) <= round * "running\n".Length)
                await Task.Yield();
            await stop.CancelAsync();
            Assert.Equal(CellErrorKind.Interrupted, (await running).Error?.Kind);
        }

        Assert.Equal("1", await session.RunAsync("kept"));
    }

    [Fact]
    public async Task Cell_ThatComputesInANativeLibrary_IsCancelled_StopsAndTheSessionGoesOn()
    {
        using var session = new Session();
        await session.RunAsync($"#r \"{Path.Combine(Repository.Folder, "artifacts", "lib", "MnistLab.Notebooks.dll")}\"");
        await session.RunAsync(
            "using static TorchSharp.torch; var kept = ones(200, 200); void Multiply() { while (true) { using var product = kept.matmul(kept); } }");
        for (var round = 0; round < 2; round++)
        {
            using var stop = new CancellationTokenSource();
            var running = session.TryAsync("Console.WriteLine(\"running\"); Multiply();", stop.Token);
            while (session.Outputs.OfType<StreamOutput>().Sum(output => output.Text.Length) <= round * "running\n".Length)
                await Task.Yield();
            await stop.CancelAsync();
            Assert.Equal(CellErrorKind.Interrupted, (await running).Error?.Kind);
        }

        Assert.Equal("40000", await session.RunAsync("(int)kept.sum().item<float>()"));
    }

    [Fact]
    public async Task Cell_AsksForTheToken_IsToldToStop()
    {
        using var session = new Session();
        using var stop = new CancellationTokenSource();
        await session.RunAsync("var token = Microsoft.DotNet.Interactive.KernelInvocationContext.Current.CancellationToken;");
        var running = session.TryAsync(
            "Console.WriteLine(\"running\"); await Task.Delay(-1, Microsoft.DotNet.Interactive.KernelInvocationContext.Current.CancellationToken);",
            stop.Token);
        while (session.Outputs.Count == 0) await Task.Yield();
        await stop.CancelAsync();
        Assert.Equal(CellErrorKind.Interrupted, (await running).Error?.Kind);
    }
}
