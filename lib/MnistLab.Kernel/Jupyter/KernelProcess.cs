using System.Diagnostics;

namespace MnistLab.Kernel;

/// <summary>The kernel as a process of its own, as Jupyter starts it.</summary>
public static class KernelProcess
{
    /// <summary>Starts the kernel for the front end that wrote a connection file, and waits for its end.</summary>
    /// <returns>Its exit code.</returns>
    public static async Task<int> RunAsync(string connectionFile, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(connectionFile);
        using var process = Process.Start(new ProcessStartInfo(DotnetHost.Path, ["exec", KernelProgram.File, JupyterCommand.Name, Path.GetFullPath(connectionFile)]))!;
        try
        {
            await process.WaitForExitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        return process.ExitCode;
    }
}
