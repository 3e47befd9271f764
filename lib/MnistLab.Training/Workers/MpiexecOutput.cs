using System.Globalization;
using System.Text.RegularExpressions;

namespace MnistLab.Training.Workers;

/// <summary>Reads what the <c>mpiexec</c> of MPICH (Hydra) prints when a process ends abnormally.</summary>
internal static partial class MpiexecOutput
{
    /// <summary>Returns the process that ended first; null if the output does not tell.</summary>
    /// <remarks>
    /// <code>
    /// =   BAD TERMINATION OF ONE OF YOUR APPLICATION PROCESSES
    /// =   PID 11708 RUNNING AT node-2
    /// =   EXIT CODE: 9
    /// </code>
    /// The exit code is the wait status of Unix: a signal by its number, an exit code above 255 by its multiple.
    /// </remarks>
    /// <param name="output">The output of <c>mpiexec</c>.</param>
    /// <returns>The process, its host, and its exit code: 128 plus the number of a signal.</returns>
    public static (int ProcessId, string Host, int ExitCode)? FindFirstFailure(string output)
    {
        if (Termination().Match(output) is not { Success: true } match) return null;
        var status = Number(match.Groups["code"]);
        var isSignal = output.Contains("(signal ", StringComparison.Ordinal);
        return (Number(match.Groups["id"]), match.Groups["host"].Value, isSignal ? 128 + (status & 0x7F) : status);
    }

    private static int Number(Group group) => int.Parse(group.Value, NumberStyles.None, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"PID (?<id>\d+) RUNNING AT (?<host>\S+)\s+=\s+EXIT CODE: (?<code>\d+)")]
    private static partial Regex Termination();
}
