using System.CommandLine;

namespace MnistLab.Kernel.Commands;

/// <summary>Represents the command <c>mnistlab-kernel</c>.</summary>
internal static class KernelTool
{
    /// <summary>Runs the command.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(string[] arguments)
    {
        var run = RunCommand.Create(new RunSurroundings());
        var root = new RootCommand("Runs C# notebooks, in Jupyter or from the command line.") { run, KernelCommands.CreateJupyter() };
        foreach (var command in KernelCommands.Create("mnistlab-kernel")) root.Add(command);
        var parsed = root.Parse(arguments);
        return await parsed.InvokeAsync(RunCommand.Invocation(parsed, run));
    }
}
