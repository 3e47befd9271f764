using MnistLab.Testing;

namespace MnistLab.Kernel.Tests;

public sealed class KernelOutputTests(RunningKernel kernel) : IClassFixture<RunningKernel>
{
    private FrontEnd FrontEnd => kernel.FrontEnd;

    [Theory]
    [InlineData("async void Fail() { await go; throw new InvalidOperationException(\"on purpose\"); }\nFail();")]
    [InlineData("var timer = new System.Threading.Timer(_ => { go.Wait(); throw new InvalidOperationException(\"on purpose\"); }, null, 0, -1);")]
    [InlineData("new System.Threading.Thread(() => { go.Wait(); throw new InvalidOperationException(\"on purpose\"); }).Start();")]
    [InlineData("System.Threading.ThreadPool.QueueUserWorkItem(_ => { go.Wait(); throw new InvalidOperationException(\"on purpose\"); });")]
    [InlineData("new System.Threading.Thread(() => { go.Wait(); throw new InvalidOperationException(\"on purpose\"); }).UnsafeStart();")]
    public async Task Exception_InTheBackground_IsReportedByTheCellThatStartedItAndTheKernelGoesOn(string code)
    {
        await FrontEnd.RunAsync(
            "var source = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously); var go = source.Task;");
        var starting = FrontEnd.Send("execute_request", FrontEnd.Execute(code));
        Assert.Equal("ok", (await FrontEnd.AnswerAsync(starting)).Status);
        var next = await FrontEnd.RunAsync("source.SetResult(); 1 + 1");

        Assert.Equal("2", next.Value);
        var report = await FrontEnd.TextUntilAsync(starting, "stderr", "on purpose");
        Assert.Contains("System.InvalidOperationException: on purpose", report);
        Assert.Equal("3", (await FrontEnd.RunAsync("1 + 2")).Value);
        Assert.DoesNotContain("Submission#", report);
    }

    [Fact]
    public async Task Console_IsRedirectedByACell_LaterCellsStillWrite()
    {
        await FrontEnd.RunAsync(
            "var before = Console.Out; Console.SetOut(new System.IO.StringWriter()); Console.SetError(new System.IO.StringWriter()); Console.SetIn(new System.IO.StringReader(\"\"));");
        var answer = await FrontEnd.RunAsync("Console.Write(\"later\"); Console.Error.Write(\"too\"); before.Write(\"!\");");
        Assert.Equal(("later!", "too"), (answer.Text(), answer.Text("stderr")));
        var redirecting = await FrontEnd.RunAsync(
            "var writer = new System.IO.StringWriter(); Console.SetOut(writer); Console.Write(\"kept\"); writer.ToString()");
        Assert.Equal(("kept", ""), (redirecting.Value, redirecting.Text()));
    }

    [Fact]
    public async Task Text_OfCharactersWrittenOneByOne_KeepsItsEmoji()
    {
        var answer = await FrontEnd.RunAsync("foreach (var half in \"😀🎈\") { Console.Write(half); await Task.Delay(60); }");
        Assert.Equal("😀🎈", answer.Text());
        Assert.All(answer.Of("stream"), message => Assert.DoesNotContain('\ufffd', (string)message["text"]!));
    }

    [Fact]
    public async Task Text_OfNativeCodeAndChildProcesses_BelongsToTheCell()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The kernel takes over the descriptors of Unix.");
        var echo = InstalledProgram.Require("echo");
        var shell = InstalledProgram.Require("sh");
        var answer = await FrontEnd.RunAsync($$"""
            [System.Runtime.InteropServices.DllImport("libc")] static extern int printf(string text);
            printf("native\n");
            System.Diagnostics.Process.Start("{{echo}}", "child → 😀").WaitForExit();
            System.Diagnostics.Process.Start("{{shell}}", new[] { "-c", "echo wrong >&2" }).WaitForExit();
            Console.OpenStandardOutput().Write(System.Text.Encoding.UTF8.GetBytes("stream\n"));
            """);
        Assert.Equal(
            ["child → 😀", "native", "stream"],
            answer.Text().Split('\n', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal));
        Assert.Equal("wrong\n", answer.Text("stderr"));
        Assert.Equal("", (await FrontEnd.RunAsync("1")).Text());
    }

    [Fact]
    public async Task Text_OfWorkThatOutlivesItsCell_BelongsToThatCell()
    {
        var starting = FrontEnd.Send("execute_request", FrontEnd.Execute(
            "var begin = new TaskCompletionSource(); _ = Task.Run(async () => { await begin.Task; Console.WriteLine(\"late\"); });"));
        await FrontEnd.AnswerAsync(starting);
        Assert.Equal("", (await FrontEnd.RunAsync("begin.SetResult(); await Task.Delay(100);")).Text());
        Assert.Equal("late\n", await FrontEnd.TextUntilAsync(starting, "stdout", "late"));
    }

    [Fact]
    public async Task Text_OfALogger_BelongsToTheCellThatLogs()
    {
        var library = LibraryTests.Write(kernel.Folder, "Logging" + Guid.NewGuid().ToString("N"), """
            public sealed class QueueLogger
            {
                private readonly System.Collections.Concurrent.BlockingCollection<string> _lines = new();
                private readonly System.Collections.Concurrent.BlockingCollection<int> _written = new();
                public QueueLogger() => new System.Threading.Thread(() =>
                {
                    foreach (var line in _lines.GetConsumingEnumerable()) { System.Console.WriteLine(line); _written.Add(0); }
                }) { IsBackground = true }.Start();
                public void Log(string line) { _lines.Add(line); _written.Take(); }
            }
            """);
        await FrontEnd.RunAsync($"#r \"{library}\"\nvar logger = new QueueLogger();");
        Assert.Equal("first\n", (await FrontEnd.RunAsync("logger.Log(\"first\");")).Text());
        Assert.Equal("second\n", (await FrontEnd.RunAsync("logger.Log(\"second\");")).Text());
    }
}
