using System.Globalization;
using MnistLab.Testing;

namespace MnistLab.Hosting.Tests;

public sealed class AppendLogTests : IDisposable
{
    private const int Writers = 8;
    private const long MaxLength = 1 << 20;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Append_FromManyWritersAtOnce_KeepsEveryLineWhole()
    {
        var expected = AppendFromAll(lines: 100, padding: 20);

        var lines = new AppendLog(_folder["events.log"], MaxLength).Read();
        Assert.Equal(expected.Order(StringComparer.Ordinal), lines.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Append_BeyondAMegabyteFromManyWriters_SetsTheLogAsideOnceAndLosesNothing()
    {
        var expected = AppendFromAll(lines: 20, padding: 10_000);

        var lines = new AppendLog(_folder["events.log"], MaxLength).Read();
        Assert.Equal(expected.Order(StringComparer.Ordinal), lines.Order(StringComparer.Ordinal));
        Assert.InRange(new FileInfo(_folder["events.log.1"]).Length, MaxLength, MaxLength + 20_000);
    }

    [Fact]
    public async Task Read_WhileTheLogIsSetAside_MissesNoOlderLine()
    {
        var log = new AppendLog(_folder["events.log"], MaxLength);
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

    [Fact]
    public async Task Append_ByManyAtOnceWhileOthersRead_LosesNoLine()
    {
        const int Writers = 4;
        const int Lines = 1_000;
        var path = _folder["events.log"];
        using var start = new Barrier(Writers);
        using var done = new CancellationTokenSource();
        // Each writer has its own log object, as separate processes do.
        var readers = Task.Run(() =>
        {
            while (!done.IsCancellationRequested)
                Assert.All(new AppendLog(path).Read(), line => Assert.Matches(@"\A\d \d+ x{40}\z", line));
        });
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Task.Factory.StartNew(
            () =>
            {
                var log = new AppendLog(path);
                start.SignalAndWait();
                for (var line = 0; line < Lines; line++)
                    Assert.True(log.TryAppend($"{writer} {line} {new string('x', 40)}"));
            },
            TaskCreationOptions.LongRunning)));
        await done.CancelAsync();
        await readers;

        var lines = new AppendLog(path).Read();
        Assert.Equal(Writers * Lines, lines.Count);
        for (var writer = 0; writer < Writers; writer++)
        {
            var own = lines.Where(line => line[0] == '0' + writer)
                .Select(line => int.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture));
            Assert.Equal(Enumerable.Range(0, Lines), own);
        }
    }

    [Fact]
    public void Append_AfterALineThatItsWriterDidNotFinish_ReplacesTheRest()
    {
        var path = _folder["events.log"];
        File.WriteAllText(path, "whole\nhal");

        Assert.Equal(["whole"], new AppendLog(path).Read());
        new AppendLog(path).Append("next");

        Assert.Equal("whole\nnext\n", File.ReadAllText(path));
    }

    [Fact]
    public void TryAppend_WhileTheFileCannotBeWritten_KeepsTheLineForTheNext()
    {
        var path = _folder["events.log"];
        Directory.CreateDirectory(path);
        var log = new AppendLog(path);

        Assert.False(log.TryAppend("first"));
        Directory.Delete(path);

        Assert.True(log.TryAppend("second"));
        Assert.Equal(["first", "second"], log.Read());
    }

    [Fact]
    public void Append_WithoutAMaximumLength_KeepsOneFile()
    {
        var log = new AppendLog(_folder["events.log"]);
        for (var line = 0; line < 3; line++) log.Append(new string('x', 1 << 20));

        Assert.Equal(3, log.Read().Count);
        Assert.False(File.Exists(_folder["events.log.1"]));
        using var reader = new StreamReader(log.OpenCopy());
        Assert.Equal(File.ReadAllText(log.Path), reader.ReadToEnd());
    }

    // Locks belong to open files, not to processes: each writer opens the files itself, as another process would.
    private List<string> AppendFromAll(int lines, int padding)
    {
        var end = new string('x', padding);
        var threads = Enumerable.Range(0, Writers).Select(writer => new Thread(() =>
        {
            var log = new AppendLog(_folder["events.log"], MaxLength);
            for (var line = 0; line < lines; line++) log.Append($"{writer}-{line}-{end}");
        })).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        return
        [
            .. from writer in Enumerable.Range(0, Writers)
               from line in Enumerable.Range(0, lines)
               select $"{writer}-{line}-{end}",
        ];
    }
}
