using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Runtime.InteropServices;
using Microsoft.CodeAnalysis;

namespace MnistLab.Kernel.Libraries;

/// <summary>
/// Provides the assemblies that this process was started with. Cells share with the kernel the platform and the API
/// that they call: they are compiled against the files that they will run with, which the runtime has already loaded. A
/// notebook may use other versions of the kernel's other dependencies.
/// </summary>
internal static class PlatformAssemblies
{
    // References to all assemblies of the platform would cost 10 ms per cell and 130 MB per process. These are the ones
    // that a cell can use without #r; others that a library needs are added when the library is referenced.
    private static readonly string[] ReferencedFamilies = ["System", "Microsoft.CSharp", "Microsoft.Win32"];
    private static readonly string[] ReferencedAssemblies = ["mscorlib", "netstandard", "Microsoft.AspNetCore.Html.Abstractions"];

    // Half of the platform, which few cells use.
    private static readonly string[] WebFamilies = ["Microsoft.AspNetCore", "Microsoft.Extensions"];

    // The assemblies whose types cells and their libraries exchange with the kernel.
    private static readonly string[] Api =
        ["MnistLab.Kernel",
            "Microsoft.DotNet.Interactive",
            "Microsoft.DotNet.Interactive.Formatting",
            "Microsoft.DotNet.Interactive.Documents",
            "System.Reactive"];

    private static readonly IReadOnlyDictionary<string, string> Files =
        ((string?)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") ?? "")
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .ToLookup(Path.GetFileNameWithoutExtension, StringComparer.OrdinalIgnoreCase)
        .ToDictionary(files => files.Key!, files => files.First(), StringComparer.OrdinalIgnoreCase);

    // <root>/shared/Microsoft.NETCore.App/<version>/ → <root>/shared/
    private static readonly string Frameworks = new DirectoryInfo(
        RuntimeEnvironment.GetRuntimeDirectory()).Parent!.Parent!.FullName + Path.DirectorySeparatorChar;

    private static readonly IReadOnlyDictionary<string, Lazy<PortableExecutableReference>> Shared = Files
        .Where(file => IsShared(file.Key))
        .ToDictionary(
            file => file.Key,
            file => new Lazy<PortableExecutableReference>(() => MappedMetadata.ReferenceTo(file.Value)),
            StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// Gets the references that every cell is compiled against, which all sessions of the process share.
    /// </summary>
    public static IReadOnlyDictionary<string, PortableExecutableReference> References { get; } = Shared
        .Where(file => IsReferenced(file.Key))
        .ToDictionary(file => file.Key, file => file.Value.Value, StringComparer.OrdinalIgnoreCase);

    /// <summary>Gets the files of ASP.NET Core, which cells that use it are also compiled against.</summary>
    public static IReadOnlyList<string> WebFiles { get; } =
        [.. Files
            .Where(file => IsShared(file.Key) && !IsReferenced(file.Key) && IsOfFamily(file.Key, WebFamilies))
            .Select(file => file.Value)];

    /// <summary>Gets the references to <see cref="WebFiles"/>.</summary>
    public static IEnumerable<PortableExecutableReference> WebReferences =>
        WebFiles.Select(file => ReferenceTo(Path.GetFileNameWithoutExtension(file))!);

    /// <summary>
    /// Returns whether C# code may use ASP.NET Core, whose namespaces have the names of its assemblies.
    /// </summary>
    public static bool NamesWeb(string code) => WebFamilies.Any(family => code.Contains(family, StringComparison.Ordinal));

    /// <summary>
    /// Returns whether a notebook uses this process's assembly with this simple name, and cannot load another version.
    /// </summary>
    public static bool IsShared(string name) => Find(name) is not null;

    /// <summary>Returns the file of the shared assembly with this simple name; null if there is none.</summary>
    public static string? Find(string name) =>
        Files.TryGetValue(name, out var file)
        && (file.StartsWith(Frameworks, StringComparison.Ordinal) || Api.Contains(name, StringComparer.OrdinalIgnoreCase))
            ? file
            : null;

    /// <summary>
    /// Returns the reference to the shared assembly with this simple name, which is the same for all sessions and their
    /// editors; null if there is none.
    /// </summary>
    public static PortableExecutableReference? ReferenceTo(string name) => Shared.GetValueOrDefault(name)?.Value;

    /// <summary>
    /// Returns a message that the notebook's version of an assembly is not used; null if it is used, or if the shared
    /// version can replace it.
    /// </summary>
    /// <param name="name">The simple name of the assembly.</param>
    /// <param name="file">The file of the notebook's version.</param>
    public static string? Conflict(string name, string file)
    {
        // As everywhere in .NET, an assembly of the platform replaces older versions.
        if (Find(name) is not { } shared || VersionOf(shared) is not { } used || VersionOf(file) is not { } asked || asked <= used)
            return null;
        return $"{name} {asked} is not used: this notebook shares {name} {used} with the kernel.";
    }

    /// <summary>
    /// Returns whether a file is the same build as the assembly with this name that the process was started with.
    /// </summary>
    public static bool IsSameBuild(string name, string file) =>
        Files.TryGetValue(name, out var own) && BuildOf(own) is { } build && build == BuildOf(file);

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
            // The code that loads the file reports the error.
            return null;
        }
    }

    private static bool IsReferenced(string name) =>
        Api.Concat(ReferencedAssemblies).Contains(name, StringComparer.OrdinalIgnoreCase) || IsOfFamily(name, ReferencedFamilies);

    private static bool IsOfFamily(string name, string[] families) => families.Any(family =>
        name.Equals(family, StringComparison.OrdinalIgnoreCase) || name.StartsWith(family + ".", StringComparison.OrdinalIgnoreCase));
}
