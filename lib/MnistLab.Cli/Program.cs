using System.CommandLine;
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
var parsed = root.Parse(args);
return await parsed.InvokeAsync(new InvocationConfiguration
{
    EnableDefaultExceptionHandler = false,
    // What handles Ctrl+C for the other commands waits for their end, and would keep the second Ctrl+C from this one.
    ProcessTerminationTimeout = parsed.CommandResult.Command == run ? null : TimeSpan.FromMinutes(1),
});
