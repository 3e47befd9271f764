using System.Text.Json.Nodes;

namespace MnistLab.Kernel;

/// <summary>The files of the program that a kernel is.</summary>
internal static class KernelProgram
{
    private const string BaseName = "MnistLab.Kernel";

    public const string Name = BaseName + ".dll";

    /// <summary>The pictures that front ends show for the kernel; resources of this assembly.</summary>
    public static IReadOnlyList<string> Logos { get; } = ["logo-32x32.png", "logo-64x64.png", "logo-svg.svg"];

    /// <summary>The program itself, in the folder of this process' program, or of this assembly where that is elsewhere.</summary>
    public static string File => new[] { AppContext.BaseDirectory, Path.GetDirectoryName(typeof(KernelProgram).Assembly.Location)! }
        .Select(folder => Path.Combine(folder, Name))
        .First(System.IO.File.Exists);

    /// <summary>The full paths of the program and of all that it needs, which lies beside it.</summary>
    public static IReadOnlyList<string> Files
    {
        get
        {
            var folder = Path.GetDirectoryName(File)!;
            string[] own = [Name, BaseName + ".pdb", BaseName + ".deps.json", BaseName + ".runtimeconfig.json"];
            var dependencies = JsonNode.Parse(System.IO.File.ReadAllText(Path.Combine(folder, BaseName + ".deps.json")))!;
            var libraries = dependencies["targets"]!.AsObject().SelectMany(target => target.Value!.AsObject());
            var files = libraries.SelectMany(library => (library.Value!["runtime"] as JsonObject ?? []).Select(file => Path.GetFileName(file.Key)));
            return [.. own.Concat(files).Distinct().Select(file => Path.Combine(folder, file)).Where(System.IO.File.Exists)];
        }
    }
}
