using System.Diagnostics;
using MnistLab.Training.Workers;

namespace MnistLab.Training.Jobs;

/// <summary>Finds the <c>mpiexec</c> program that starts several workers.</summary>
internal static class MpiexecProgram
{
    // Distributions use distinct names if several MPI implementations are installed.
    private static readonly string[] Names = OperatingSystem.IsWindows()
        ? ["mpiexec.exe"]
        : ["mpiexec.hydra", "mpiexec.mpich", "mpiexec"];

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    /// <summary>Returns the path of the program.</summary>
    /// <param name="path">The folders to search, in the format of <c>PATH</c>.</param>
    /// <exception cref="TrainingJobException">
    /// No <c>mpiexec</c> was found, only that of Open MPI was found, or a program did not respond.
    /// </exception>
    public static string Find(string? path)
    {
        string? openMpi = null;
        foreach (var program in Candidates(path))
        {
            if (!IsOpenMpi(program)) return program;
            openMpi ??= program;
        }

        const string Field = "worker_server_num is more than 1, which needs MPI";
        throw new TrainingJobException(openMpi is null
            ? $"{Field}: no {Names[^1]} was found in PATH. {MpiLibrary.Installation} A job with one worker needs no MPI."
            : $"{Field}: {openMpi} belongs to Open MPI, whose binary interface differs from MPICH's. "
                + $"{MpiLibrary.Installation} A job with one worker needs no MPI.");
    }

    private static IEnumerable<string> Candidates(string? path) =>
        from name in Names
        from folder in (path ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        let program = Path.Combine(folder, name)
        where File.Exists(program)
        select program;

    private static bool IsOpenMpi(string program)
    {
        // Microsoft MPI's mpiexec has no --version option, and is the only one on Windows.
        if (OperatingSystem.IsWindows()) return false;
        var start = new ProcessStartInfo(program, ["--version"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEndAsync();
        if (!process.WaitForExit(Timeout))
        {
            process.Kill(entireProcessTree: true);
            throw new TrainingJobException(
                $"{program} --version does not exit. Check the MPI installation. {MpiLibrary.Installation}");
        }

        var text = output.GetAwaiter().GetResult() + errors.GetAwaiter().GetResult();
        return text.Contains("Open MPI", StringComparison.Ordinal)
            || text.Contains("OpenRTE", StringComparison.Ordinal)
            || text.Contains("PRRTE", StringComparison.Ordinal);
    }
}
