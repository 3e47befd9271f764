using MnistLab.Kernel;

StrayAborts.Ignore();
using var stop = new CancellationTokenSource();
int exitCode;
if (args is [JupyterCommand.Name, var connectionFile])
{
    exitCode = await JupyterCommand.RunAsync(connectionFile, stop.Token);
}
else
{
    Console.CancelKeyPress += (_, press) =>
    {
        press.Cancel = true;
        stop.Cancel();
    };
    exitCode = await ExecuteCommand.RunAsync(args, stop.Token);
}

// Threads that cells have left running must not keep the process alive.
Environment.Exit(exitCode);
