using Microsoft.CodeAnalysis;

namespace MnistLab.Kernel;

/// <summary>
/// The assemblies that this process was started with. They win over files of the same name elsewhere, because the runtime loads them first;
/// a cell is compiled against the very files that it will run on.
/// </summary>
internal static class PlatformAssemblies
{
    // A reference to each assembly of the platform costs every cell 10 ms and the process 130 MB. These are what a cell may name without an #r;
    // what a library of the user's needs beyond them is found when the library is referenced.
    private static readonly string[] ReferencedFamilies = ["System", "Microsoft.CSharp", "Microsoft.AspNetCore", "Microsoft.Extensions", "Microsoft.Win32"];
    private static readonly string[] ReferencedAssemblies = ["mscorlib", "netstandard", "Microsoft.DotNet.Interactive.Formatting", "Microsoft.DotNet.Interactive", "System.Reactive", "MnistLab.Kernel"];

    private static readonly IReadOnlyDictionary<string, string> Files =
        ((string?)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") ?? "")
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .ToLookup(Path.GetFileNameWithoutExtension, StringComparer.OrdinalIgnoreCase)
        .ToDictionary(files => files.Key!, files => files.First(), StringComparer.OrdinalIgnoreCase);

    /// <summary>What every cell is compiled against; read once for all sessions of the process.</summary>
    public static IReadOnlyDictionary<string, PortableExecutableReference> References { get; } = Files
        .Where(file => IsReferenced(file.Key))
        .ToDictionary(file => file.Key, file => MetadataReference.CreateFromFile(file.Value), StringComparer.OrdinalIgnoreCase);

    /// <summary>The file of the assembly with this simple name, or null if the process was not started with one.</summary>
    public static string? Find(string name) => Files.GetValueOrDefault(name);

    private static bool IsReferenced(string name) =>
        ReferencedAssemblies.Contains(name, StringComparer.OrdinalIgnoreCase)
        || ReferencedFamilies.Any(family => name.Equals(family, StringComparison.OrdinalIgnoreCase) || name.StartsWith(family + ".", StringComparison.OrdinalIgnoreCase));
}
