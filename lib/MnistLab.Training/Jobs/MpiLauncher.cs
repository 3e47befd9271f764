using System.Diagnostics;
using System.Globalization;
using MnistLab.Hosting;

namespace MnistLab.Training.Jobs;

/// <summary>
/// Starts a job with several workers. Its supervising process runs on this machine, and runs the boot file once for
/// each worker under <c>mpiexec</c>, on this machine or on those in a host file.
/// </summary>
/// <param name="home">The folder of the workspace.</param>
/// <param name="time">The clock.</param>
internal sealed class MpiLauncher(string home, TimeProvider time) : LocalLauncher(home, time)
{
    // When a worker fails, mpiexec ends all others, and may return the exit code of any of them. Therefore, each worker
    // runs under a shell that records its exit code, even if the worker is killed, and then exits. A worker that aborts
    // (exit code 134) may do so because another one was killed, whose shell needs a moment to record that before mpiexec
    // kills it, too.
    private const string Recorder =
        "\"$@\"; code=$?; echo $code > \"$0/worker-$PMI_RANK.exit\"; [ $code -ne 134 ] || sleep 1; exit $code";

    /// <inheritdoc/>
    public override void Validate(TrainingJobSpec spec) =>
        _ = MpiexecProgram.Find(Environment.GetEnvironmentVariable("PATH"));

    /// <inheritdoc/>
    public override ProcessStartInfo CreateBootCommand(JobFolder job, JobRecord record) => CreateCommand(job, record);

    /// <summary>Returns the command that runs the boot file of a job under <c>mpiexec</c>.</summary>
    /// <exception cref="TrainingJobException">No compatible <c>mpiexec</c> was found.</exception>
    internal static ProcessStartInfo CreateCommand(JobFolder job, JobRecord record)
    {
        var program = MpiexecProgram.Find(Environment.GetEnvironmentVariable("PATH"));
        string[] hosts = record.HostFile is { } file ? [OperatingSystem.IsWindows() ? "-machinefile" : "-f", file] : [];
        var count = record.WorkerCount.ToString(CultureInfo.InvariantCulture);
        string[] recorder = OperatingSystem.IsWindows() ? [] : ["/bin/sh", "-c", Recorder, job.Path];
        string[] arguments = [.. hosts, "-n", count, .. recorder, DotnetHost.Path, .. BootArguments(job)];
        return Redirected(job, program, arguments);
    }
}
