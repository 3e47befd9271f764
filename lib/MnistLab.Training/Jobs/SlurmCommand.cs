using System.ComponentModel;
using System.Diagnostics;

namespace MnistLab.Training.Jobs;

/// <summary>Runs the commands of Slurm.</summary>
internal static class SlurmCommand
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    /// <summary>Runs a command.</summary>
    /// <param name="name">The command, such as <c>sbatch</c>, found in <c>PATH</c>.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="input">Its standard input.</param>
    /// <param name="environment">Variables for it, beside those of this process.</param>
    /// <returns>Its standard output.</returns>
    /// <exception cref="TrainingJobException">
    /// It is not installed, failed, or did not end; the message quotes what it printed.
    /// </exception>
    public static string Run(
        string name,
        IEnumerable<string> arguments,
        string input = "",
        IEnumerable<KeyValuePair<string, string>>? environment = null)
    {
        var start = new ProcessStartInfo(name, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (variable, value) in environment ?? []) start.Environment[variable] = value;
        using var process = Start(name, start);
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        try
        {
            process.StandardInput.Write(input);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It has ended without reading; its exit code tells whether that is an error.
        }

        if (!process.WaitForExit(Timeout))
        {
            process.Kill(entireProcessTree: true);
            throw new TrainingJobException(
                FormattableString.Invariant($"Slurm does not respond: {name} has not ended within ")
                + FormattableString.Invariant($"{Timeout.TotalSeconds} s. Check the cluster with: scontrol ping"));
        }

        if (process.ExitCode == 0) return output.GetAwaiter().GetResult();
        throw new TrainingJobException(
            $"Slurm's {name} failed: {errors.GetAwaiter().GetResult().Trim()} Check the cluster with: sinfo");
    }

    private static Process Start(string name, ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception error)
        {
            throw new TrainingJobException(
                $"Slurm's {name} cannot be run: {error.Message}. Install Slurm's commands on this machine "
                + "(Debian, Ubuntu: apt-get install slurm-client), or let the job run on this machine (target Local).",
                error);
        }
    }
}
