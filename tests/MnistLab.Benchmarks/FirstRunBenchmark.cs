using System.Diagnostics;
using MnistLab.Data.Workspaces;
using MnistLab.Testing;

namespace MnistLab.Benchmarks;

/// <summary>
/// Measures a newcomer's first minutes: the first command of the README in a fresh clone, compared with a bare
/// <c>dotnet restore</c> and <c>dotnet build</c> of the same project in another clone. It uses the package cache of
/// the machine, or the folder in the environment variable <c>NUGET_PACKAGES</c>: an empty one shows the time on a fresh
/// machine.
/// </summary>
internal static class FirstRunBenchmark
{
    private const string Project = "lib/MnistLab.Cli";
    private const double MaxSeconds = 90;

    public static async Task RunAsync(Report report)
    {
        if (InstalledProgram.Find("git") is not { } git)
        {
            report.Skip("first run", "git is not installed");
            return;
        }

        using var folder = new TemporaryFolder();
        var source = Workspace.Find().Root;
        foreach (var clone in new[] { "bare", "first" })
            await RunAsync(folder.Path, git, [], "clone", "--quiet", "--no-hardlinks", source, folder[clone]);

        var restore = await RunAsync(folder["bare"], "dotnet", [], "restore", Project);
        var build = await RunAsync(folder["bare"], "dotnet", [], "build", "--no-restore", Project);
        await RunAsync(folder["bare"], "dotnet", [], "build-server", "shutdown");

        double? firstCell = null;
        // The line of a cell that has run begins with its number, such as " 1/37".
        var lines = new LineClock(line => line.TrimStart().StartsWith("1/", StringComparison.Ordinal), time => firstCell ??= time);
        var whole = await RunAsync(folder["first"], "dotnet", [lines], "run", "--project", Project, "--", "run", "notebooks");
        await RunAsync(folder["first"], "dotnet", [], "build-server", "shutdown");

        report.AtMost(
            "first command: the first cell has run, by bare restore + build",
            new Comparison(firstCell!.Value, restore + build, "s"), 1.25);
        report.AtMostValue("first command: all notebooks have run, in s", whole, MaxSeconds, "");
        report.Note($"  bare restore {restore:F1} s, build {build:F1} s; first cell after {firstCell:F1} s");
    }

    private static async Task<double> RunAsync(string folder, string program, LineClock[] clocks, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // Uses the sample, so that the network does not affect the measurement.
        start.Environment["MNIST_DIR"] = "";
        start.Environment["MNIST_MIRRORS"] = "none";
        var begin = Stopwatch.GetTimestamp();
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            foreach (var clock in clocks) clock.Read(line, Stopwatch.GetElapsedTime(begin).TotalSeconds);
        }

        await process.WaitForExitAsync();
        if (process.ExitCode == 0) return Stopwatch.GetElapsedTime(begin).TotalSeconds;
        throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} failed: {await error}");
    }

    private sealed record LineClock(Func<string, bool> IsMatch, Action<double> Found)
    {
        public void Read(string line, double seconds)
        {
            if (IsMatch(line)) Found(seconds);
        }
    }
}
