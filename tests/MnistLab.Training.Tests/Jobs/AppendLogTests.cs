using System.Globalization;
using MnistLab.Testing;

namespace MnistLab.Training.Tests;

/// <summary>The event log, to which several processes append.</summary>
public sealed class AppendLogTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Append_ByManyAtOnceWhileOthersRead_LosesNoLine()
    {
        const int Writers = 4;
        const int Lines = 1_000;
        var path = _folder["events.log"];
        using var start = new Barrier(Writers);
        using var done = new CancellationTokenSource();
        // Through a log of its own each, as processes do.
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
                for (var line = 0; line < Lines; line++) Assert.True(log.Append($"{writer} {line} {new string('x', 40)}"));
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
    public void Append_WhileTheFileCannotBeWritten_KeepsTheLineForTheNext()
    {
        var path = _folder["events.log"];
        Directory.CreateDirectory(path);
        var log = new AppendLog(path);

        Assert.False(log.Append("first"));
        Directory.Delete(path);

        Assert.True(log.Append("second"));
        Assert.Equal(["first", "second"], log.Read());
    }
}
