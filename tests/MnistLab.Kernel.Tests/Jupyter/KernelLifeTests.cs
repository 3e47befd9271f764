using System.Diagnostics;
using System.Globalization;
using MnistLab.Hosting;
using MnistLab.Kernel.Installation;
using MnistLab.Kernel.Jupyter;
using MnistLab.Testing;

namespace MnistLab.Kernel.Tests;

public sealed class KernelLifeTests
{
    [Theory]
    [InlineData("1", false)]
    [InlineData("while (true) { }", true)]
    [InlineData("Task.Run(() => { while (true) { } });", false)]
    public async Task Kernel_IsShutDown_AnswersAndEnds(string code, bool whileItRuns)
    {
        await using var kernel = new RunningKernel();
        await kernel.FrontEnd.WaitUntilReadyAsync();
        var cell = kernel.FrontEnd.Send("execute_request", FrontEnd.Execute(code));
        await foreach (var message in kernel.FrontEnd.MessagesAsync(cell))
        {
            if (whileItRuns && message.Type == "execute_input") break;
        }

        var answer = await kernel.FrontEnd.RequestAsync("shutdown_request", new() { ["restart"] = true }, JupyterChannel.Control);
        await kernel.Process.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.True((bool)answer.Reply["restart"]!);
        Assert.Equal(0, kernel.Process.ExitCode);
    }

    [Fact]
    public async Task Kernel_WhoseParentIsGone_Ends()
    {
        await using var parent = new RunningKernel();
        await using var kernel = new RunningKernel(new Dictionary<string, string>
        {
            ["JPY_PARENT_PID"] = parent.Process.Id.ToString(CultureInfo.InvariantCulture)
        });
        Assert.Equal("2", (await kernel.FrontEnd.RunAsync("1 + 1")).Value);

        parent.Process.Kill();
        await kernel.Process.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    [Theory]
    [InlineData("Environment.FailFast(\"broken beyond repair\");", "broken beyond repair")]
    [InlineData("int Deeper(int n) => Deeper(n + 1) + 1; Deeper(0)", "Stack overflow")]
    public async Task Kernel_CannotSurvive_SaysWhyOnItsStandardError(string code, string reason)
    {
        await using var kernel = new RunningKernel();
        var error = kernel.Process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await kernel.FrontEnd.WaitUntilReadyAsync();
        kernel.FrontEnd.Send("execute_request", FrontEnd.Execute(code));
        await kernel.Process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Contains(reason, await error);
    }

    [Fact]
    public async Task Kernel_EndsBeforeAChildProcess_ItsOwnStreamsEndToo()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The kernel takes over the descriptors of Unix.");
        var shell = InstalledProgram.Require("sh");
        await using var kernel = new RunningKernel();
        // Like a service, the child process keeps none of the streams that it was started with.
        var started = await kernel.FrontEnd.RunAsync($$"""
            var detached = new[] { "-c", "exec sleep 600 </dev/null >/dev/null 2>&1" };
            System.Diagnostics.Process.Start("{{shell}}", detached).Id
            """);
        using var child = Process.GetProcessById(int.Parse(started.Value!, CultureInfo.InvariantCulture));
        try
        {
            var streams = Task.WhenAll(
                kernel.Process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken),
                kernel.Process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));
            kernel.Process.Kill();
            await streams.WaitAsync(Patience.Limit, TestContext.Current.CancellationToken);
            Assert.False(child.HasExited);
        }
        finally
        {
            child.Kill();
        }
    }

    [Fact]
    public async Task Kernel_ThatRuns300Cells_DoesNotGrow()
    {
        await using var kernel = new RunningKernel();
        await RunAsync(kernel, 0, 60);
        var before = WorkingSet(kernel);
        await RunAsync(kernel, 60, 300);

        var growth = WorkingSet(kernel) - before;
        Assert.True(growth < 80, $"The kernel grew by {growth:F0} MB.");
    }

    [Theory]
    [InlineData("no.json", null, "no.json")]
    [InlineData("wrong.json", "{}", "'key'")]
    [InlineData("text.json", "text", "text.json")]
    public async Task Kernel_GetsAWrongConnectionFile_SaysWhatIsWrong(string name, string? content, string problem)
    {
        using var folder = new MnistLab.Testing.TemporaryFolder();
        if (content is not null) await File.WriteAllTextAsync(folder[name], content, TestContext.Current.CancellationToken);
        var start = new ProcessStartInfo(DotnetHost.Path, ["exec",
            KernelProgram.File,
            JupyterCommand.Name,
            folder[name]])
        { RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var error = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(2, process.ExitCode);
        Assert.Contains(name, error);
        Assert.Contains(problem, error);
    }

    private static async Task RunAsync(RunningKernel kernel, int first, int end)
    {
        for (var i = first; i < end; i++)
            Assert.Equal("ok", (await kernel.FrontEnd.RunAsync($"var x{i} = {i}; Console.WriteLine(x{i}); x{i}")).Status);
    }

    private static double WorkingSet(RunningKernel kernel)
    {
        kernel.Process.Refresh();
        return kernel.Process.WorkingSet64 / 1e6;
    }
}
