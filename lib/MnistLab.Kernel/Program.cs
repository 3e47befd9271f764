using MnistLab.Kernel;

StrayAborts.Ignore();
using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, press) =>
{
    press.Cancel = true;
    stop.Cancel();
};
var exitCode = await ExecuteCommand.RunAsync(args, stop.Token);
// Threads that cells have left running must not keep the process alive.
Environment.Exit(exitCode);
