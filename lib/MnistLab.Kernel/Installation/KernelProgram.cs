using System.Text.Json.Nodes;

namespace MnistLab.Kernel.Installation;

/// <summary>Locates the files of the kernel's program.</summary>
internal static class KernelProgram
{
    private const string BaseName = "MnistLab.Kernel";

    public const string Name = BaseName + ".dll";

    /// <summary>
    /// Gets the names of the logos that front ends show for the kernel, which are resources of this assembly.
    /// </summary>
    public static IReadOnlyList<string> Logos { get; } = ["logo-32x32.png", "logo-64x64.png", "logo-svg.svg"];

    /// <summary>
    /// Gets the full path of the program, which is in the folder of this process or, if it is not there, of this
    /// assembly.
    /// </summary>
    public static string File => new[] { AppContext.BaseDirectory, Path.GetDirectoryName(typeof(KernelProgram).Assembly.Location)! }
        .Select(folder => Path.Combine(folder, Name))
        .First(System.IO.File.Exists);

    /// <summary>Gets the full paths of the program and its dependencies, which are in the same folder.</summary>
    public static IReadOnlyList<string> Files
    {
        get
        {
            var folder = Path.GetDirectoryName(File)!;
            string[] own = [Name, BaseName + ".pdb", BaseName + ".deps.json", BaseName + ".runtimeconfig.json"];
            var dependencies = JsonNode.Parse(System.IO.File.ReadAllText(Path.Combine(folder, BaseName + ".deps.json")))!;
            var libraries = dependencies["targets"]!.AsObject().SelectMany(target => target.Value!.AsObject());
            var files = libraries.SelectMany(
                library => (library.Value!["runtime"] as JsonObject ?? []).Select(file => Path.GetFileName(file.Key)));
            return [.. own.Concat(files).Distinct().Select(file => Path.Combine(folder, file)).Where(System.IO.File.Exists)];
        }
    }
}
