using System.Diagnostics;
using System.Globalization;
using MnistLab.Hosting;
using MnistLab.Kernel.Jupyter;

namespace MnistLab.Kernel.Tests;

public sealed class ParentProcessTests
{
    [Fact]
    public async Task Parent_NamedByAHandle_IsWaitedForUntilTheHandleIsSignaled()
    {
        using var handle = new ManualResetEvent(false);
        nint? opened = null;
        var parent = new ParentProcess("4321", isHandle: true, TimeProvider.System)
        {
            Open = number =>
            {
                opened = number;
                return handle;
            },
        };
        var waiting = parent.WaitForEndAsync(TestContext.Current.CancellationToken);
        Assert.Equal(4321, opened);
        Assert.False(waiting.IsCompleted);
        handle.Set();
        await waiting;
    }

    [Fact]
    public async Task Parent_NamedByAHandleOfWindows_IsWaitedForUntilItEnds()
    {
        Assert.SkipUnless(OperatingSystem.IsWindows(), "Only Windows has process handles.");
        using var process = Process.Start(DotnetHost.Path, ["--info"]);
        await new ParentProcess(
            process.Handle.ToString(CultureInfo.InvariantCulture),
            isHandle: true,
            TimeProvider.System).WaitForEndAsync(TestContext.Current.CancellationToken);
        Assert.True(process.HasExited);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("1")]
    [InlineData("-5")]
    [InlineData("nonsense")]
    public async Task Parent_ThatIsNotKnown_IsNeverAtItsEnd(string? name)
    {
        using var stop = new CancellationTokenSource();
        var waiting = new ParentProcess(name, isHandle: false, TimeProvider.System).WaitForEndAsync(stop.Token);
        Assert.False(waiting.IsCompleted);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }
}
