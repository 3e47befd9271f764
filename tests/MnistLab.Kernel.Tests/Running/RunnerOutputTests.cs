using MnistLab.Kernel.Documents;
using MnistLab.Kernel.Running;
using MnistLab.Testing;

namespace MnistLab.Kernel.Tests;

public sealed class RunnerOutputTests
{
    [Fact]
    public async Task Console_IsReadByACell_IsAnErrorThatSaysThatNobodyCanAnswer()
    {
        using var folder = new TemporaryFolder();
        var error = Assert.IsType<ErrorOutput>(
            Assert.Single((await RunAsync(folder, true, "Console.ReadLine()", "Console.Read()"))[0].Outputs));
        Assert.Equal("System.InvalidOperationException", error.Name);
        Assert.Contains("which is not available here", error.Message);
    }

    [Fact]
    public async Task Console_IsRedirectedByACell_LaterCellsStillWrite()
    {
        using var folder = new TemporaryFolder();
        var cells = await RunAsync(folder, false, "Console.SetOut(new System.IO.StringWriter());", "Console.Write(\"later\");");
        Assert.Equal([new StreamOutput(StreamName.Stdout, "later")], cells[1].Outputs);
    }

    [Fact]
    public async Task Text_OfCharactersWrittenOneByOne_KeepsItsEmoji()
    {
        using var folder = new TemporaryFolder();
        var cells = await RunAsync(folder, false, "foreach (var half in \"😀🎈\") Console.Write(half);");
        Assert.Equal([new StreamOutput(StreamName.Stdout, "😀🎈")], cells[0].Outputs);
    }

    [Fact]
    public async Task Text_OfNativeCodeAndChildProcesses_BelongsToTheCell()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The functions and programs are Unix'.");
        var echo = InstalledProgram.Require("echo");
        var shell = InstalledProgram.Require("sh");
        using var folder = new TemporaryFolder();
        var cells = await RunAsync(
            folder,
            false,
            $$"""
            [System.Runtime.InteropServices.DllImport("libc")] static extern int printf(string text);
            printf("native\n");
            System.Diagnostics.Process.Start("{{echo}}", "child → 😀").WaitForExit();
            System.Diagnostics.Process.Start("{{shell}}", new[] { "-c", "echo wrong >&2" }).WaitForExit();
            Console.OpenStandardOutput().Write(System.Text.Encoding.UTF8.GetBytes("stream\n"));
            """,
            "1");
        var texts = cells[0].Outputs.OfType<StreamOutput>().ToLookup(output => output.Name, output => output.Text);
        Assert.Equal(["child → 😀", "native", "stream"], string
            .Concat(texts[StreamName.Stdout])
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Order(StringComparer.Ordinal));
        Assert.Equal("wrong\n", string.Concat(texts[StreamName.Stderr]));
        Assert.IsType<ResultOutput>(Assert.Single(cells[1].Outputs));
    }

    [Fact]
    public async Task Text_WithControlCharacters_ArrivesAsItIs()
    {
        using var folder = new TemporaryFolder();
        var cells = await RunAsync(
            folder, false, "Console.Write(\"a\\u001eb\\n\\u001e{}\\nc\"); display(\"d\"); Console.Write(\"\\r\\u001b[31mred\\u0000\");");
        Assert.Equal(new StreamOutput(StreamName.Stdout, "a\u001eb\n\u001e{}\nc"), cells[0].Outputs[0]);
        Assert.Equal(new StreamOutput(StreamName.Stdout, "\r\u001b[31mred\0"), cells[0].Outputs[2]);
    }

    [Fact]
    public async Task Outputs_OfAnySizeBesideAChildProcessThatWrites_AllArrive()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The program is Unix'.");
        var shell = InstalledProgram.Require("sh");
        using var folder = new TemporaryFolder();
        var cells = await RunAsync(
            folder,
            false,
            $$"""
            using var child = System.Diagnostics.Process.Start("{{shell}}", new[] { "-c", "i=0; while [ $i -lt 3000 ]; do echo child; i=$((i+1)); done" });
            for (var i = 0; i < 40; i++) new string((char)('a' + i % 26), 100_000).DisplayAs("text/markdown");
            child.WaitForExit();
            """.Replace("using var", "var"));
        var shown = cells[0].Outputs
            .OfType<DisplayOutput>()
            .Select(output => output.Data.TryGetText("text/markdown", out var text) ? text : "")
            .ToList();
        Assert.Equal(Enumerable.Range(0, 40).Select(i => new string((char)('a' + i % 26), 100_000)), shown);
        Assert.Equal(3000, string
            .Concat(cells[0].Outputs.OfType<StreamOutput>().Select(output => output.Text))
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Count(line => line == "child"));
    }

    [Fact]
    public async Task Work_ThatOutlivesItsCell_WritesAndDisplaysInThatCell()
    {
        using var folder = new TemporaryFolder();
        var cells = await RunAsync(
            folder,
            false,
            "var begin = new TaskCompletionSource(); var late = Task.Run(async () => { await begin.Task; Console.WriteLine(\"late\"); display(\"shown\"); });",
            "begin.SetResult(); await late; Console.Write(\"own\");");
        Assert.Equal(
            [new StreamOutput(StreamName.Stdout, "late\n"), new DisplayOutput(MimeBundle.From("text/plain", "shown"))],
            cells[0].Outputs);
        Assert.Equal([new StreamOutput(StreamName.Stdout, "own")], cells[1].Outputs);
    }

    [Fact]
    public async Task Exception_InTheBackground_IsReportedByTheCellThatStartedItAndTheRunGoesOn()
    {
        using var folder = new TemporaryFolder();
        var cells = await RunAsync(
            folder,
            false,
            "var begin = new System.Threading.ManualResetEventSlim(); var thread = new System.Threading.Thread(() => { begin.Wait(); throw new InvalidOperationException(\"on purpose\"); }); thread.Start();",
            "begin.Set(); thread.Join(); 1");
        var report = Assert.IsType<StreamOutput>(Assert.Single(cells[0].Outputs));
        Assert.Equal(StreamName.Stderr, report.Name);
        Assert.Contains("System.InvalidOperationException: on purpose", report.Text);
        Assert.IsType<ResultOutput>(Assert.Single(cells[1].Outputs));
    }

    [Fact]
    public async Task Process_OverflowsItsStack_SaysSoAndKeepsTheOutputs()
    {
        using var folder = new TemporaryFolder();
        folder.WriteNotebook("1.ipynb", "Console.Write(\"before\"); int Deeper(int n) => Deeper(n + 1) + 1; Deeper(0)");
        var result = Assert.Single(await NotebookBatch
            .Open([folder.Path], folder["out"], TimeProvider.System)
            .RunAsync(cancellationToken: TestContext.Current.CancellationToken));
        Assert.Contains(result.Failure!.Details, line => line.Contains("Stack overflow", StringComparison.OrdinalIgnoreCase));
        Assert.Equal(new StreamOutput(StreamName.Stdout, "before"), NotebookDocument.Read(result.Executed).Cells[0].Outputs[0]);
    }

    [Fact]
    public async Task Text_OfAMillionLines_ArrivesWhole()
    {
        using var folder = new TemporaryFolder();
        var cells = await RunAsync(folder, false, "for (var i = 0; i < 1_000_000; i++) Console.WriteLine(i);");
        var text = Assert.IsType<StreamOutput>(Assert.Single(cells[0].Outputs)).Text;
        Assert.Equal(1_000_000, text.Count(letter => letter == '\n'));
        Assert.EndsWith("999998\n999999\n", text);
    }

    private static async Task<IReadOnlyList<NotebookCell>> RunAsync(TemporaryFolder folder, bool fails, params string[] sources)
    {
        folder.WriteNotebook("1.ipynb", sources);
        var result = Assert.Single(await NotebookBatch
            .Open([folder.Path], folder["out"], TimeProvider.System)
            .RunAsync(cancellationToken: TestContext.Current.CancellationToken));
        Assert.True(result.Succeeded != fails, result.Failure?.Message);
        return NotebookDocument.Read(result.Executed).Cells;
    }
}
