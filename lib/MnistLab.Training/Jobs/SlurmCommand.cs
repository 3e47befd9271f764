using System.ComponentModel;
using System.Diagnostics;

namespace MnistLab.Training.Jobs;

/// <summary>Runs Slurm commands.</summary>
internal static class SlurmCommand
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    /// <summary>Runs a command.</summary>
    /// <param name="name">The command, such as <c>sbatch</c>, found in <c>PATH</c>.</param>
    /// <param name="arguments">The arguments of the command.</param>
    /// <param name="input">The standard input of the command.</param>
    /// <param name="environment">Environment variables for the command, in addition to those of this process.</param>
    /// <returns>The standard output of the command.</returns>
    /// <exception cref="TrainingJobException">
    /// The command is not installed, failed, or did not end in time; if it failed, the message quotes its error output.
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
            // The command has ended without reading its input; its exit code shows whether that is an error.
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
