using System.CommandLine;
using System.Globalization;
using MnistLab.Cli;
using MnistLab.Kernel.Commands;
using MnistLab.Studio.Hosting;

var run = RunCommand.Create(CourseRun.Surroundings);
var kernel = new Command("kernel", "Manages the C# kernel for Jupyter, which runs notebooks in a browser or an editor.");
foreach (var command in KernelCommands.Create("dotnet run --project lib/MnistLab.Cli -- kernel")) kernel.Add(command);
var root = new RootCommand("MnistLab: handwritten digits in C#, from the data to the online service.")
{
    run,
    kernel,
    JobsCommand.Create(),
    ModelsCommand.Create(),
    ServicesCommand.Create(),
    KeysCommand.Create(),
    CourseCommand.Create(),
    OpenCommand.Create(),
};
// The command parses and prints numbers in the invariant culture; otherwise, --timeout 1.5 would mean 15 seconds if the
// decimal separator is a comma. Notebook cells keep the user's culture: 'run' executes them in other processes, and
// 'kernel' in this one.
if (args is not ["kernel", ..])
    CultureInfo.CurrentCulture = CultureInfo.DefaultThreadCurrentCulture = CultureInfo.InvariantCulture;
var parsed = root.Parse(args);
return await parsed.InvokeAsync(RunCommand.Invocation(parsed, run));
