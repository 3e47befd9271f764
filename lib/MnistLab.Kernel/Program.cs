using MnistLab.Kernel;

UnhandledExceptionFilter.Install();
using var stop = new CancellationTokenSource();
int exitCode;
if (args is [JupyterCommand.Name, var connectionFile])
{
    // A front end that was started in the background of a script ignores the signal, and hands that on; the kernel is
    // interrupted by it all the same.
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
