using System.Runtime.InteropServices;

namespace MnistLab.Kernel;

/// <summary>The command <c>jupyter</c>: serves the front ends that wrote a connection file, until one of them, or the end of the parent process, ends it.</summary>
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
