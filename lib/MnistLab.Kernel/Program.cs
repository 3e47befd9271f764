using MnistLab.Kernel.Commands;
using MnistLab.Kernel.Jupyter;
using MnistLab.Kernel.Running;
using MnistLab.Kernel.Scripting;


UnhandledExceptionFilter.Install();
using var stop = new CancellationTokenSource();
int exitCode;
if (args is [JupyterCommand.Name, var connectionFile])
{
    // A front end started in the background by a script ignores SIGINT, and its child processes inherit that. The
    // kernel has to accept the signal to be interruptible.
    InterruptSignal.Accept();
    exitCode = await JupyterCommand.RunAsync(connectionFile, stop.Token);
}
else if (args is [ExecuteCommand.Name, ..])
{
    Console.CancelKeyPress += (_, press) =>
    {
        press.Cancel = true;
        stop.Cancel();
    };
    exitCode = await ExecuteCommand.RunAsync(args, stop.Token);
}
else
{
    exitCode = await KernelTool.RunAsync(args);
}

// Threads that cells have left running must not keep the process alive.
Environment.Exit(exitCode);
