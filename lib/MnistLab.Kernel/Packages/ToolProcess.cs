using System.Diagnostics;
using MnistLab.Hosting;

namespace MnistLab.Kernel;

/// <summary>Runs a build tool, such as NuGet or the ahead-of-time compiler, to its end.</summary>
internal static class ToolProcess
{
    /// <summary>Runs the tool, with messages in English.</summary>
    /// <param name="program">The program's path.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="folder">The folder that it works in.</param>
    /// <param name="cancellationToken">Ends the tool and the processes that it started.</param>
    /// <returns>The exit code, and what was written to standard output and then to standard error.</returns>
    /// <exception cref="OperationCanceledException">The tool was ended.</exception>
    public static async Task<(int ExitCode, string Output)> RunAsync(
        string program, IEnumerable<string> arguments, string folder, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["DOTNET_CLI_UI_LANGUAGE"] = "en";
        // Where this process was itself started by a build or a test run, their settings are not the tool's.
        var inherited = start.Environment.Keys.Where(name => name.StartsWith("MSBuild", StringComparison.OrdinalIgnoreCase));
        foreach (var variable in inherited.ToList()) start.Environment.Remove(variable);
        using var process = Process.Start(start)!;
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
            var error = process.StandardError.ReadToEndAsync(cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            return (process.ExitCode, await output + await error);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
            throw;
        }
    }

    /// <summary>Restores the packages of a project.</summary>
    /// <param name="project">The project file, in the folder.</param>
    /// <param name="folder">The folder.</param>
    /// <param name="cancellationToken">Ends the restore.</param>
    /// <returns>The exit code, and what NuGet wrote.</returns>
    /// <exception cref="OperationCanceledException">The restore was ended.</exception>
    public static Task<(int ExitCode, string Output)> RestoreAsync(
        string project, string folder, CancellationToken cancellationToken)
    {
        string[] arguments = ["restore", project, "--verbosity", "quiet", "--nologo", "--disable-build-servers"];
        return RunAsync(DotnetHost.Path, arguments, folder, cancellationToken);
    }
}
