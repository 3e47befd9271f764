using System.Diagnostics;
using MnistLab.Hosting;

namespace MnistLab.Kernel.Packages;

/// <summary>Runs a build tool, such as NuGet or the ahead-of-time compiler, and waits for its exit.</summary>
internal static class ToolProcess
{
    /// <summary>Runs a tool, with messages in English.</summary>
    /// <param name="program">The path of the program.</param>
    /// <param name="arguments">The arguments.</param>
    /// <param name="folder">The working directory.</param>
    /// <param name="cancellationToken">A token that kills the tool and its child processes.</param>
    /// <returns>
    /// The exit code, and the text of the standard output followed by that of the standard error stream.
    /// </returns>
    /// <exception cref="OperationCanceledException">The tool was canceled.</exception>
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
        // If a build or a test run started this process, the tool must not inherit its MSBuild settings.
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
    /// <param name="project">The name of the project file in the folder.</param>
    /// <param name="folder">The folder of the project.</param>
    /// <param name="cancellationToken">A token that cancels the restore.</param>
    /// <returns>The exit code, and the output of NuGet.</returns>
    /// <exception cref="OperationCanceledException">The restore was canceled.</exception>
    public static Task<(int ExitCode, string Output)> RestoreAsync(
        string project, string folder, CancellationToken cancellationToken)
    {
        string[] arguments = ["restore", project, "--verbosity", "quiet", "--nologo", "--disable-build-servers"];
        return RunAsync(DotnetHost.Path, arguments, folder, cancellationToken);
    }
}
