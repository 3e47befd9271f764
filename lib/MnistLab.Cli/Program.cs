using System.CommandLine;
using System.Globalization;
using MnistLab.Cli;

var run = RunCommand.Create();
var root = new RootCommand("MnistLab: handwritten digits in C#, from the data to the online service.")
{
    run,
    KernelCommand.Create(),
    JobsCommand.Create(),
    ModelsCommand.Create(),
    ServicesCommand.Create(),
    CourseCommand.Create(),
};
// The command reads and prints numbers in one way: --timeout 1.5 would mean 15 seconds where the decimal separator is a comma.
// The cells of a notebook keep the user's culture: 'run' executes them in other processes, and 'kernel' in this one.
if (args is not ["kernel", ..])
    CultureInfo.CurrentCulture = CultureInfo.DefaultThreadCurrentCulture = CultureInfo.InvariantCulture;
var parsed = root.Parse(args);
return await parsed.InvokeAsync(new InvocationConfiguration
{
    EnableDefaultExceptionHandler = false,
    // What handles Ctrl+C for the other commands waits for their end, and would keep the second Ctrl+C from this one.
    ProcessTerminationTimeout = parsed.CommandResult.Command == run ? null : TimeSpan.FromMinutes(1),
});
