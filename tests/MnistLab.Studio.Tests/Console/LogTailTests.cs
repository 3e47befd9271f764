using MnistLab.Studio.Console.Jobs;
using MnistLab.Testing;

namespace MnistLab.Studio.Tests.Console;

public sealed class LogTailTests
{
    [Fact]
    public void Read_WhileTheLogGrows_KeepsTheEndWithTheNumbersOfItsLines()
    {
        using var folder = new TemporaryFolder();
        var file = folder["worker-0.log"];
        var tail = new LogTail(file, maxLines: 3);
        Assert.False(tail.Read());

        File.WriteAllText(file, "one\r\ntwo\nthr");
        Assert.True(tail.Read());
        Assert.Equal(["1: one", "2: two", "3: thr"], tail.Lines.Select(line => line.ToString()));
        File.AppendAllText(file, "ee 数\nfour\nfive");
        Assert.True(tail.Read());
        Assert.Equal(["2: two", "3: three 数", "4: four", "5: five"], tail.Lines.Select(line => line.ToString()));
        Assert.Equal(1, tail.Skipped);
        Assert.False(tail.Read());

        // If the file is replaced, reading starts from its beginning.
        File.WriteAllText(file, "x\n");
        Assert.True(tail.Read());
        Assert.Equal(["1: x"], tail.Lines.Select(line => line.ToString()));
    }

    [Fact]
    public void Read_OfALineWithoutAnEnd_KeepsItsBeginning()
    {
        using var folder = new TemporaryFolder();
        var file = folder["worker-0.log"];
        File.WriteAllText(file, new string('x', 1 << 20));
        var tail = new LogTail(file);

        Assert.True(tail.Read());

        Assert.Equal(1 << 16, Assert.Single(tail.Lines).Text.Length);
    }
}
