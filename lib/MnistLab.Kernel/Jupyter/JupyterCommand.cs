using System.Runtime.InteropServices;
using MnistLab.Kernel.Running;

namespace MnistLab.Kernel.Jupyter;

/// <summary>
/// Represents the command <c>jupyter</c>, which runs a kernel for the front ends of a connection file until a front end
/// shuts it down or the parent process ends.
/// </summary>
internal static class JupyterCommand
{
    public const string Name = "jupyter";

    public static async Task<int> RunAsync(string connectionFile, CancellationToken cancellationToken)
    {
        ConnectionFile connection;
        try
        {
            connection = ConnectionFile.Read(connectionFile);
        }
        catch (ConnectionFileException error)
        {
            await Console.Error.WriteLineAsync(error.Message);
            return ExecuteCommand.Unusable;
        }

        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var kernel = new JupyterKernel(connection, Directory.GetCurrentDirectory(), TimeProvider.System);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal =>
        {
            signal.Cancel = true;
            kernel.Interrupt();
        });
        var running = kernel.RunAsync(end.Token);
        await Task.WhenAny(running, ParentProcess.OfEnvironment(TimeProvider.System).WaitForEndAsync(end.Token));
        await end.CancelAsync();
        await running;
        return ExecuteCommand.Succeeded;
    }
}
