using System.Diagnostics;
using System.Globalization;
using MnistLab.Testing;
using MnistLab.Training.Checkpoints;

namespace MnistLab.Training.Tests;

/// <summary>Tests training in a process that is killed repeatedly.</summary>
public sealed class KilledTrainingTests
{
    private const int Kills = 20;
    private const long Steps = 260;

    [Fact]
    public async Task Run_KilledTwentyTimes_EndsWithTheSameCheckpoint()
    {
        using var folder = new TemporaryFolder();
        await RunAsync(folder["whole"], null);
        var random = new Random(20);

        for (var kill = 0; kill < Kills; kill++) await RunAsync(folder["killed"], random.Next(4, 13));
        await RunAsync(folder["killed"], null);

        var (whole, killed) = (Last(folder["whole"]), Last(folder["killed"]));
        Assert.EndsWith("step-00000260.safetensors", killed, StringComparison.Ordinal);
        Assert.Equal(File.ReadAllBytes(whole), File.ReadAllBytes(killed));
    }

    private static string Last(string logDir) => new CheckpointFolder(Path.Combine(logDir, "checkpoints")).Newest!;

    /// <summary>Runs the program to its end, or kills it after some of its steps.</summary>
    private static async Task RunAsync(string logDir, int? killAfter)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "MnistLab.TrainingProgram.dll"),
            logDir,
            Steps.ToString(CultureInfo.InvariantCulture)])
        { RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        for (var lines = 0; await process.StandardOutput.ReadLineAsync() is not null; lines++)
        {
            if (lines == killAfter) process.Kill();
        }

        await process.WaitForExitAsync();
        Assert.Equal(killAfter is null, process.ExitCode == 0);
    }
}
