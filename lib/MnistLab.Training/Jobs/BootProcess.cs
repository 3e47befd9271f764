using System.Diagnostics;

namespace MnistLab.Training.Jobs;

/// <summary>
/// Runs the <see cref="BootProgram"/> of a job, or one for each of its workers, on behalf of the supervising process:
/// starts it, logs its output, asks it to stop when requested, and kills it if it does not stop or if a worker hangs.
/// </summary>
internal sealed class BootProcess(JobFolder folder, JobRecord record, IJobLauncher launcher, TimeProvider time)
{
    /// <summary>The time that a program has to end after it was asked to stop.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(30);

    // The maximum wait for the rest of the output after the program has ended, because its child processes may keep the
    // output open.
    private static readonly TimeSpan OutputGrace = TimeSpan.FromSeconds(5);

    /// <summary>Runs the program and waits until it ends.</summary>
    /// <param name="log">The log that receives the output of the program.</param>
    /// <param name="stopping">A token that, when canceled, asks the program to stop.</param>
    /// <returns>The exit code of the program, or of the worker that failed, with the reason.</returns>
    public async Task<WorkerFailure> RunAsync(WorkerLog log, CancellationToken stopping)
    {
        using var program = Process.Start(launcher.CreateBootCommand(folder, record))!;
        var copying = Task.WhenAll(
            log.CopyAsync(program.StandardOutput.BaseStream), log.CopyAsync(program.StandardError.BaseStream));
        var watch = record.WorkerCount == 1 ? null
            : new WorkerWatch(folder, record.WorkerCount, record.ToSpec().WorkerTimeout, time);
        using var ended = new CancellationTokenSource();
        var watching = watch is null
            ? Task.FromResult<WorkerFailure?>(null)
            : EndIfHangingAsync(program, watch, ended.Token);
        await EndedInTimeAsync(program, stopping);
        await Task.WhenAny(copying, Task.Delay(OutputGrace, time, CancellationToken.None));
        await ended.CancelAsync();
        if (await watching is { } hang) return hang;
        if (program.ExitCode != 0 && watch?.FindFailure() is { } failure) return failure;
        var exit = ProgramExit.Describe(program.ExitCode);
        return new WorkerFailure(0, program.ExitCode, watch is null ? exit : $"mpiexec ended with {exit}");
    }

    private static async Task<WorkerFailure?> EndIfHangingAsync(
        Process program, WorkerWatch watch, CancellationToken ended)
    {
        if (await watch.WaitForHangAsync(ended) is not { } hang) return null;
        program.Kill(entireProcessTree: true);
        return hang;
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
                folder.AddEvent(time, $"[worker-0] the program did not stop within {Grace.Seconds} s and is being killed");
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
            // The program has just ended.
        }
    }
}
