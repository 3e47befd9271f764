using System.CommandLine;
using MnistLab.Kernel.Installation;
using MnistLab.Kernel.Jupyter;

namespace MnistLab.Kernel.Commands;

/// <summary>
/// Creates the commands <c>install</c>, <c>uninstall</c>, <c>list</c>, and <c>jupyter</c>, which manage and start the
/// C# kernel for Jupyter.
/// </summary>
public static class KernelCommands
{
    /// <summary>Creates the commands <c>install</c>, <c>uninstall</c>, and <c>list</c>.</summary>
    /// <param name="program">The command line that precedes these commands, for messages that name one of them.</param>
    public static IEnumerable<Command> Create(string program) => [CreateInstall(), CreateUninstall(), CreateList(program)];

    /// <summary>
    /// Creates the command <c>jupyter</c>, which front ends run according to the kernel's specification.
    /// </summary>
    public static Command CreateJupyter()
    {
        var file = new Argument<string>("connection-file") { Description = "The connection file that the Jupyter front end wrote." };
        var command = new Command(JupyterCommand.Name, "Starts the kernel for a Jupyter front end. Front ends run this command.") { file };
        command.SetAction((result, cancellationToken) =>
            CommandErrors.HandleAsync(() => JupyterCommand.RunAsync(result.GetRequiredValue(file), cancellationToken)));
        return command;
    }

    private static Command CreateInstall()
    {
        var name = NameOption("The name by which notebooks refer to the kernel.");
        var displayName = new Option<string>("--display-name")
        {
            Description = "The name that front ends display.",
            DefaultValueFactory = _ => KernelInstallation.DefaultDisplayName
        };
        var asBuilt = new Option<bool>("--no-compile")
        {
            Description = "Do not compile the kernel ahead of time: it installs faster, but starts more slowly."
        };
        var place = new Place();
        var command =
            new Command("install", "Registers the kernel with Jupyter or updates its registration. Does not change other kernels.")
        {
            name,
            displayName,
            asBuilt
        };
        place.AddTo(command);
        command.SetAction((result, cancellationToken) => CommandErrors.HandleAsync(async () =>
        {
            var kernel = await InstallAsync(
                result.GetRequiredValue(name),
                result.GetRequiredValue(displayName),
                place.Of(result),
                result.GetValue(asBuilt),
                cancellationToken);
            Console.WriteLine($"Installed the kernel {kernel.Name} ({kernel.DisplayName}) to {kernel.Folder}.");
            Console.WriteLine("In notebooks that are already open, restart the kernel to use it.");
            return ExitCodes.Success;
        }));
        return command;
    }

    private static async Task<InstalledKernel> InstallAsync(
        string name, string displayName, string? kernels, bool asBuilt, CancellationToken cancellationToken)
    {
        if (asBuilt) return Open().Install(name, displayName, kernels);
        Console.WriteLine("Compiling the kernel's libraries ahead of time. This takes a minute or two.");
        var (kernel, notCompiled) = await Open().InstallCompiledAsync(name, displayName, kernels, new Libraries(), cancellationToken);
        if (notCompiled is not null)
            await Console.Error.WriteLineAsync(
                $"The kernel's libraries could not be compiled ahead of time, so the kernel starts more slowly: {notCompiled}");
        return kernel;
    }

    private sealed class Libraries : IProgress<string>
    {
        public void Report(string value) => Console.WriteLine($"  {value}");
    }

    private static Command CreateUninstall()
    {
        var name = NameOption("The kernel's name.");
        var place = new Place();
        var command = new Command("uninstall", "Removes the kernel from Jupyter.") { name };
        place.AddTo(command);
        command.SetAction((result, _) => CommandErrors.HandleAsync(() =>
        {
            Console.WriteLine($"Removed {Open().Uninstall(result.GetRequiredValue(name), place.Of(result)).Folder}.");
            return Task.FromResult(ExitCodes.Success);
        }));
        return command;
    }

    private static Command CreateList(string program)
    {
        var command = new Command("list", "Lists the kernels that Jupyter finds. An asterisk marks this kernel.");
        command.SetAction((_, _) => CommandErrors.HandleAsync(() =>
        {
            var kernels = Open().List();
            foreach (var kernel in kernels)
                Console.WriteLine($"{(kernel.IsOurs ? '*' : ' ')} {kernel.Name,-24} {kernel.DisplayName,-24} {kernel.Folder}");
            if (!kernels.Any(kernel => kernel.IsOurs))
                Console.WriteLine($"The C# kernel is not installed. Install it with: {program} install");
            return Task.FromResult(ExitCodes.Success);
        }));
        return command;
    }

    private static Option<string> NameOption(string description) =>
        new("--name") { Description = description, DefaultValueFactory = _ => KernelInstallation.DefaultName };

    private static KernelInstallation Open() => new(JupyterFolders.OfEnvironment);

    /// <summary>Options for the location of the kernel, named as in <c>jupyter kernelspec install</c>.</summary>
    private sealed class Place
    {
        private readonly Option<bool> _user = new("--user") { Description = "For the current user (default)." };
        private readonly Option<string?> _prefix = new("--prefix")
        {
            Description = "For the environment with this prefix: PREFIX/share/jupyter/kernels."
        };

        public void AddTo(Command command)
        {
            command.Options.Add(_user);
            command.Options.Add(_prefix);
            command.Validators.Add(result =>
            {
                if (result.GetValue(_user) && result.GetValue(_prefix) is not null)
                    result.AddError("--user and --prefix cannot be combined.");
            });
        }

        /// <summary>Returns the folder of kernels; null if neither option is given.</summary>
        public string? Of(ParseResult result) =>
            result.GetValue(_prefix) is { } prefix
                ? JupyterFolders.InPrefix(prefix)
                : result.GetValue(_user) ? JupyterFolders.OfEnvironment.User : null;
    }
}
