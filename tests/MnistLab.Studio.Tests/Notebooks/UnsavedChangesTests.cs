using MnistLab.Kernel.Installation;
using MnistLab.Studio.Notebooks;
using MnistLab.Testing;

namespace MnistLab.Studio.Tests.Notebooks;

public sealed class UnsavedChangesTests
{
    // What may be lost when Studio is killed.
    private static readonly TimeSpan MaxLoss = TimeSpan.FromSeconds(5);

    [Fact]
    public async Task Text_WithoutASave_IsInTheWorkingCopyWithinFiveSeconds_AlsoWhileTheUserKeepsTyping()
    {
        using var folder = new TemporaryFolder();
        NotebookFiles.Write(folder["a.ipynb"], "1");
        var options = new StudioOptions { Workspace = folder.Path };
        var time = new ManualTime();
        await using var session = new NotebookSession(
            "a.ipynb",
            new NotebookFile(folder["a.ipynb"], options.StateFolder),
            [KernelSpecification.Own],
            new TrustStore(options),
            time);

        for (var second = 1; second <= 20; second++)
        {
            session.Edit("c0", $"typed in second {second}", null);
            time.Advance(TimeSpan.FromSeconds(1));

            var (document, _, _, _) = new NotebookFile(folder["a.ipynb"], options.StateFolder).Read();
            if (second < MaxLoss.TotalSeconds) continue;
            var kept = int.Parse(document.Cells[0].Source.Split(' ')[^1], System.Globalization.CultureInfo.InvariantCulture);
            Assert.InRange(second - kept, 0, (int)MaxLoss.TotalSeconds);
        }

        Assert.Contains("\"1\"", await File.ReadAllTextAsync(folder["a.ipynb"], TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    private sealed class ManualTime : TimeProvider
    {
        private DateTimeOffset _now = DateTimeOffset.UnixEpoch;
        private Action _elapse = () => { };

        public override DateTimeOffset GetUtcNow() => _now;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            _elapse = () => callback(state);
            return System.CreateTimer(_ => { }, null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }

        /// <summary>Lets as much time pass as between two ticks of the timer.</summary>
        public void Advance(TimeSpan interval)
        {
            _now += interval;
            _elapse();
        }
    }
}
