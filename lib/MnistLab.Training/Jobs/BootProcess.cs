using System.Diagnostics;
using MnistLab.Hosting;

namespace MnistLab.Training;

/// <summary>
/// Runs a <see cref="BootProgram"/> for its worker: starts it, keeps its output, asks it to stop, and kills it if it does not.
/// </summary>
internal sealed class BootProcess(JobFolder folder, TimeProvider time)
{
    /// <summary>How long a program that was asked to stop may continue.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(30);

    // How long the output of a program that has ended is waited for: processes that it started may keep it open.
    private static readonly TimeSpan OutputGrace = TimeSpan.FromSeconds(5);

    /// <summary>Runs the program to its end.</summary>
    /// <param name="log">Receives what the program prints.</param>
    /// <param name="stopping">Asks the program to stop.</param>
    /// <returns>Its exit code.</returns>
    public async Task<int> RunAsync(WorkerLog log, CancellationToken stopping)
    {
        string[] arguments = [typeof(BootProcess).Assembly.Location, BootProgram.Command, folder.Path];
        using var program = Process.Start(new ProcessStartInfo(DotnetHost.Path, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder.Path,
        })!;
        var copying = Task.WhenAll(
            log.CopyAsync(program.StandardOutput.BaseStream), log.CopyAsync(program.StandardError.BaseStream));
        await EndedInTimeAsync(program, stopping);
        await Task.WhenAny(copying, Task.Delay(OutputGrace, time, CancellationToken.None));
        return program.ExitCode;
    }

    private async Task EndedInTimeAsync(Process program, CancellationToken stopping)
    {
        var exited = program.WaitForExitAsync(CancellationToken.None);
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = stopping.Register(() => stopped.TrySetResult());
        if (await Task.WhenAny(exited, stopped.Task) != exited)
        {
            await AskToStopAsync(program);
            if (await Task.WhenAny(exited, Task.Delay(Grace, time, CancellationToken.None)) != exited)
            {
                folder.AddEvent(time, $"[worker-0] the program did not stop within {Grace.Seconds} s, and is killed");
                program.Kill(entireProcessTree: true);
            }
        }

        await exited;
    }

    private static async Task AskToStopAsync(Process program)
    {
        try
        {
            await program.StandardInput.WriteLineAsync(BootProgram.StopRequest);
            await program.StandardInput.FlushAsync();
        }
        catch (IOException)
        {
            // It has just ended.
        }
    }
}
