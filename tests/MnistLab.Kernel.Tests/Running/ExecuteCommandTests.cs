using System.Diagnostics;
using MnistLab.Hosting;
using MnistLab.Kernel.Running;
using MnistLab.Testing;

namespace MnistLab.Kernel.Tests;

public sealed class ExecuteCommandTests
{
    [Theory]
    [InlineData("1", ExecuteCommand.Succeeded)]
    [InlineData("nonsense", ExecuteCommand.CellFailed)]
    public async Task Execute_OfANotebook_WritesWhatNbformatAccepts(string lastCell, int exitCode)
    {
        var python = InstalledPython.RequireWith("nbformat");
        using var folder = new TemporaryFolder();
        var notebook = folder.WriteNotebook(
            "a.ipynb", "Console.WriteLine(1); Console.Error.WriteLine(2); display(3); new { A = 1 }", lastCell, "2");
        Assert.Equal(exitCode, (await DotnetAsync(
            ExecuteCommand.Name, notebook, ExecuteArguments.OutputOption, folder["b.ipynb"])).ExitCode);
        var check = await RunAsync(
            python,
            "-c",
            "import nbformat, sys; nbformat.validate(nbformat.read(sys.argv[1], nbformat.NO_CONVERT))",
            folder["b.ipynb"]);
        Assert.True(check.ExitCode == 0, check.Error);
    }

    [Fact]
    public async Task Execute_WithoutAnOutput_ShowsItsUsage()
    {
        var (exitCode, error) = await DotnetAsync(ExecuteCommand.Name, "a.ipynb");
        Assert.Equal(ExecuteCommand.Unusable, exitCode);
        Assert.StartsWith("usage: ", error);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("no notebook")]
    public async Task Execute_OfWhatIsNoNotebook_SaysWhichFile(string? content)
    {
        using var folder = new TemporaryFolder();
        if (content is not null) await File.WriteAllTextAsync(folder["a.ipynb"], content, TestContext.Current.CancellationToken);
        var (exitCode, error) = await DotnetAsync(ExecuteCommand.Name, folder["a.ipynb"], ExecuteArguments.OutputOption, folder["b.ipynb"]);
        Assert.Equal(ExecuteCommand.Unusable, exitCode);
        Assert.Contains(folder["a.ipynb"], error);
        Assert.False(File.Exists(folder["b.ipynb"]));
    }

    private static Task<(int ExitCode, string Error)> DotnetAsync(params string[] arguments) =>
        RunAsync(DotnetHost.Path, ["exec", typeof(NotebookBatch).Assembly.Location, .. arguments]);

    private static async Task<(int ExitCode, string Error)> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(
            new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await output;
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, error);
    }
}
