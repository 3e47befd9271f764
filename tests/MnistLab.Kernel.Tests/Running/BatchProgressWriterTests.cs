using MnistLab.Kernel.Running;

namespace MnistLab.Kernel.Tests;

public sealed class BatchProgressWriterTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    [Fact]
    public void Report_WhereNoTerminalIs_WritesALinePerCellThatEnded()
    {
        var output = Write(null, showsText: false);

        Assert.Equal(
            ["[1/2] a.ipynb",
                "    1/2      500 ms  var x = 1;",
                "    2/2       2.0 s  FAILED  throw new Exception();",
                "      done, 1 failed in 2.5 s",
                ""],
            output.ReplaceLineEndings("\n").Split('\n'));
        Assert.DoesNotContain('\r', output.ReplaceLineEndings("\n"));
    }

    [Fact]
    public void Report_WithText_WritesWholeLinesUnderTheirCell() =>
        Assert.Contains(
            "        step 2\n        rest\n    1/2 ",
            Write(null, showsText: true).ReplaceLineEndings("\n"),
            StringComparison.Ordinal);

    [Fact]
    public void Report_InATerminal_NoLineIsLongerThanItAndTheLastIsTakenAway()
    {
        var output = Write(30, showsText: false);

        Assert.All(output.Split('\r', '\n'), line => Assert.InRange(line.Length, 0, 29));
        Assert.Contains("> var x", output, StringComparison.Ordinal);
        Assert.EndsWith($"\r{new string(' ', 29)}\r", output, StringComparison.Ordinal);
    }

    private static string Write(int? width, bool showsText)
    {
        var output = new StringWriter();
        using (var writer = new BatchProgressWriter(output, width, showsText, new StoppedClock()))
        {
            var first = new CellProgress(1, 2, CellStage.Started, Start, TimeSpan.Zero, "var x = 1;");
            var second = first with { Number = 2, Title = "throw new Exception();" };
            foreach (var cell in new[]
            {
                first,
                first with { Stage = CellStage.Wrote, Text = "step 1\rst" },
                first with { Stage = CellStage.Wrote, Text = "ep 2\nrest" },
                first with { Stage = CellStage.Succeeded, Elapsed = TimeSpan.FromSeconds(0.5) },
                second,
                second with { Stage = CellStage.Failed, Elapsed = TimeSpan.FromSeconds(2) },
            })
                writer.Report(new(Path.Combine("folder", "a.ipynb"), 1, 2, cell));
        }

        return output.ToString();
    }

    private sealed class StoppedClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => Start;
    }
}
