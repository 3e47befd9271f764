using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Runtime.InteropServices;
using Microsoft.CodeAnalysis;

namespace MnistLab.Kernel;

/// <summary>
/// The assemblies that this process was started with. Cells share the platform's and those of the API that they call:
/// the runtime has them loaded, and a cell is compiled
/// against the very files that it will run on. The kernel's other dependencies are its own business.
/// </summary>
internal static class PlatformAssemblies
{
    // A reference to each assembly of the platform costs every cell 10 ms and the process 130 MB. These are what a
    // cell may name without an #r;
    // what a library of the user's needs beyond them is found when the library is referenced.
    private static readonly string[] ReferencedFamilies = ["System", "Microsoft.CSharp", "Microsoft.Win32"];
    private static readonly string[] ReferencedAssemblies = ["mscorlib", "netstandard", "Microsoft.AspNetCore.Html.Abstractions"];

    // Half of the platform, and few cells name it.
    private static readonly string[] WebFamilies = ["Microsoft.AspNetCore", "Microsoft.Extensions"];

    // What cells and the libraries that they use exchange objects with the kernel through.
    private static readonly string[] Api =
        ["MnistLab.Kernel", "Microsoft.DotNet.Interactive", "Microsoft.DotNet.Interactive.Formatting", "Microsoft.DotNet.Interactive.Documents", "System.Reactive"];

    private static readonly IReadOnlyDictionary<string, string> Files =
        ((string?)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") ?? "")
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .ToLookup(Path.GetFileNameWithoutExtension, StringComparer.OrdinalIgnoreCase)
        .ToDictionary(files => files.Key!, files => files.First(), StringComparer.OrdinalIgnoreCase);

    // <root>/shared/Microsoft.NETCore.App/<version>/ → <root>/shared/
    private static readonly string Frameworks = new DirectoryInfo(RuntimeEnvironment.GetRuntimeDirectory()).Parent!.Parent!.FullName + Path.DirectorySeparatorChar;

    /// <summary>What every cell is compiled against; read once for all sessions of the process.</summary>
    public static IReadOnlyDictionary<string, PortableExecutableReference> References { get; } = Files
        .Where(file => IsShared(file.Key) && IsReferenced(file.Key))
        .ToDictionary(file => file.Key, file => MetadataReference.CreateFromFile(file.Value), StringComparer.OrdinalIgnoreCase);

    /// <summary>The files of ASP.NET Core, which cells that name it are compiled against, too.</summary>
    public static IReadOnlyList<string> WebFiles { get; } =
        [.. Files.Where(file => IsShared(file.Key) && !IsReferenced(file.Key) && IsOfFamily(file.Key, WebFamilies)).Select(file => file.Value)];

    /// <summary>Whether C# may name something of ASP.NET Core: all of it lies in namespaces that are named after its assemblies.</summary>
    public static bool NamesWeb(string code) => WebFamilies.Any(family => code.Contains(family, StringComparison.Ordinal));

    /// <summary>
    /// Whether a notebook uses this process's assembly of this simple name, and cannot bring another.
    /// </summary>
    public static bool IsShared(string name) => Find(name) is not null;

    /// <summary>The file of the shared assembly with this simple name; null if there is none.</summary>
    public static string? Find(string name) =>
        Files.TryGetValue(name, out var file) && (file.StartsWith(Frameworks, StringComparison.Ordinal) || Api.Contains(name, StringComparer.OrdinalIgnoreCase)) ? file : null;

    /// <summary>
    /// Says that a notebook's own version of an assembly is not used; null if it is, or if the shared one can stand
    /// for it.
    /// </summary>
    /// <param name="name">The simple name of the assembly.</param>
    /// <param name="file">The notebook's own file.</param>
    public static string? Conflict(string name, string file)
    {
        // The platform's assemblies stand for older ones, as everywhere in .NET.
        if (Find(name) is not { } shared || VersionOf(shared) is not { } used || VersionOf(file) is not { } asked || asked <= used) return null;
        return $"{name} {asked} is not used: this notebook shares {name} {used} with the kernel.";
    }

    /// <summary>
    /// Whether the file is the same build as the assembly of this name that the process was started with.
    /// </summary>
    public static bool IsSameBuild(string name, string file) => Files.TryGetValue(name, out var own) && BuildOf(own) is { } build && build == BuildOf(file);

    private static Version? VersionOf(string file)
    {
        try
        {
            return AssemblyName.GetAssemblyName(file).Version;
        }
        catch (BadImageFormatException)
        {
            return null;
        }
    }

    private static Guid? BuildOf(string file)
    {
        using var image = new PEReader(File.OpenRead(file));
        try
        {
            if (!image.HasMetadata) return null;

            var metadata = image.GetMetadataReader();
            return metadata.GetGuid(metadata.GetModuleDefinition().Mvid);
        }
        catch (BadImageFormatException)
        {
            // Whoever loads it says what is wrong with it.
            return null;
        }
    }

    private static bool IsReferenced(string name) =>
        Api.Concat(ReferencedAssemblies).Contains(name, StringComparer.OrdinalIgnoreCase) || IsOfFamily(name, ReferencedFamilies);

    private static bool IsOfFamily(string name, string[] families) => families.Any(family =>
        name.Equals(family, StringComparison.OrdinalIgnoreCase) || name.StartsWith(family + ".", StringComparison.OrdinalIgnoreCase));
}
