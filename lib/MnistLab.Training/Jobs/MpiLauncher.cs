using System.Diagnostics;
using System.Globalization;
using MnistLab.Hosting;

namespace MnistLab.Training.Jobs;

/// <summary>
/// Starts a job of several workers: its supervising process on this machine, which runs the boot file once for each
/// worker under <c>mpiexec</c>, here or on the machines of a host file.
/// </summary>
/// <param name="home">The folder of the workspace.</param>
/// <param name="time">The clock.</param>
internal sealed class MpiLauncher(string home, TimeProvider time) : LocalLauncher(home, time)
{
    // mpiexec ends all other workers when one ends, and may then tell the exit code of any of them. So each has a
    // parent that records its exit code, also that of one that is killed, and ends after that.
    private const string Recorder = "\"$@\"; code=$?; echo $code > \"$0/worker-$PMI_RANK.exit\"; exit $code";

    /// <inheritdoc/>
    public override void Validate(TrainingJobSpec spec) =>
        _ = MpiexecProgram.Find(Environment.GetEnvironmentVariable("PATH"));

    /// <inheritdoc/>
    public override ProcessStartInfo CreateBootCommand(JobFolder job, JobRecord record) => CreateCommand(job, record);

    /// <summary>Returns the command that runs the boot file of a job under <c>mpiexec</c>.</summary>
    /// <exception cref="TrainingJobException">There is no <c>mpiexec</c> that can be used.</exception>
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
