using System.CommandLine;
using MnistLab.Cli;

var root = new RootCommand("MnistLab: handwritten digits in C#, from the data to the online service.")
{
    RunCommand.Create(),
    KernelCommand.Create(),
    JobsCommand.Create(),
    ModelsCommand.Create(),
    ServicesCommand.Create(),
    CourseCommand.Create(),
};
return await root.Parse(args).InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = TimeSpan.FromMinutes(1) });
