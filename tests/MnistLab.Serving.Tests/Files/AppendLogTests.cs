using MnistLab.Testing;

namespace MnistLab.Serving.Tests;

public sealed class AppendLogTests : IDisposable
{
    private const int Writers = 8;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Append_FromManyWritersAtOnce_KeepsEveryLineWhole()
    {
        var expected = AppendFromAll(lines: 100, padding: 20);

        Assert.Equal(expected.Order(StringComparer.Ordinal), new AppendLog(_folder["events.log"]).Read().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Append_BeyondAMegabyteFromManyWriters_SetsTheLogAsideOnceAndLosesNothing()
    {
        var expected = AppendFromAll(lines: 20, padding: 10_000);

        Assert.Equal(expected.Order(StringComparer.Ordinal), new AppendLog(_folder["events.log"]).Read().Order(StringComparer.Ordinal));
        Assert.InRange(new FileInfo(_folder["events.log.1"]).Length, 1 << 20, (1 << 20) + 20_000);
    }

    [Fact]
    public async Task Read_WhileTheLogIsSetAside_MissesNoOlderLine()
    {
        var log = new AppendLog(_folder["events.log"]);
        log.Append("first");
        var padding = new string('x', 9_000);
        // Below two megabytes, so that the first line is kept throughout.
        var writer = Task.Run(() => { for (var i = 0; i < 200; i++) log.Append(padding); });

        do Assert.Equal("first", log.Read()[0]);
        while (!writer.IsCompleted);
        await writer;

        Assert.Equal(201, log.Read().Count);
    }

    [Fact]
    public void Append_InAMissingFolder_FailsAndCreatesNothing()
    {
        Assert.Throws<DirectoryNotFoundException>(() => new AppendLog(_folder["deleted/events.log"]).Append("line"));

        Assert.False(Directory.Exists(_folder["deleted"]));
    }

    // Locks belong to open files, not to processes: each writer has files of its own, as another process would.
    private List<string> AppendFromAll(int lines, int padding)
    {
        var end = new string('x', padding);
        var threads = Enumerable.Range(0, Writers).Select(writer => new Thread(() =>
        {
            var log = new AppendLog(_folder["events.log"]);
            for (var line = 0; line < lines; line++) log.Append($"{writer}-{line}-{end}");
        })).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        return [.. from writer in Enumerable.Range(0, Writers) from line in Enumerable.Range(0, lines) select $"{writer}-{line}-{end}"];
    }
}
