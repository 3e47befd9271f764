using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using MnistLab.Data.Datasets;
using MnistLab.Data.Workspaces;
using MnistLab.Testing;

namespace MnistLab.EndToEnd;

/// <summary>Tests <c>data-scripts/get-mnist.cs</c> from the command line.</summary>
public sealed class DataScriptTests
{
    [Fact]
    public async Task GetMnist_OfFashionMnist_DownloadsItAndThenOnlyVerifies()
    {
        InstalledProgram.RequireFolder(DatasetDescription.FashionMnist.Mirrors[0].LocalPath, "dataset-fashion-mnist");
        using var folder = new TemporaryFolder();

        var downloaded = await RunAsync(folder.Path, "--dataset", "fashion-mnist");
        var verified = await RunAsync("--verify", folder.Path, "--dataset", "fashion-mnist");
        File.WriteAllText(folder[MnistFiles.TestLabels], "<html>");
        var damaged = await RunAsync("--verify", folder.Path, "--dataset", "fashion-mnist");

        Assert.True(downloaded.ExitCode == 0, downloaded.Output);
        Assert.True(verified.ExitCode == 0, verified.Output);
        Assert.Equal(1, damaged.ExitCode);
        Assert.Contains("a web page instead of the file", damaged.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task GetMnist_WithoutAMirrorThatAnswers_ListsEachAndFails()
    {
        using var folder = new TemporaryFolder();
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var closed = $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/data/";
        listener.Stop();

        var (exitCode, output) = await RunAsync(folder.Path, "--mirror", closed, "--mirror", new Uri(folder["nowhere"]).AbsoluteUri);

        Assert.Equal(1, exitCode);
        Assert.Contains($"{closed}: refused the connection", output, StringComparison.Ordinal);
        Assert.Contains("nowhere/: has no such file", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task GetMnist_WithAnUnknownOption_SaysHowItIsUsed()
    {
        var (exitCode, output) = await RunAsync("--verfy");

        Assert.Equal(2, exitCode);
        Assert.Contains("--verfy", output, StringComparison.Ordinal);
    }

    private static async Task<(int ExitCode, string Output)> RunAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", ["run",
            Path.Combine(Workspace.Find().Root, "data-scripts", "get-mnist.cs"),
            "--",
            .. arguments])
        { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (process.ExitCode, await output + await error);
    }
}
