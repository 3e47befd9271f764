using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using Microsoft.CodeAnalysis;

namespace MnistLab.Models.UserCode;

/// <summary>
/// Provides the assemblies that user code is compiled against: those that the process was started with, the loaded
/// MnistLab assemblies, and all others in the folders of the latter.
/// </summary>
/// <remarks>
/// In a notebook, MnistLab is loaded by <c>#r</c>, so it is not among the assemblies that the process was started with.
/// </remarks>
internal sealed class PlatformReferences
{
    private const string PlatformName = "MnistLab.";
    private readonly Dictionary<string, string> _paths;

    private PlatformReferences(Dictionary<string, string> paths) => _paths = paths;

    /// <summary>Gets the references for the compiler.</summary>
    public IEnumerable<MetadataReference> Metadata => _paths.Values.Select(path => MetadataReference.CreateFromFile(path));

    /// <summary>
    /// Returns the references of the current process. If there are several versions of an assembly, the newest is used.
    /// </summary>
    public static PlatformReferences Find()
    {
        var newest = new Dictionary<string, (Version Version, string Path)>(StringComparer.OrdinalIgnoreCase);
        foreach (var path in StartedWith().Concat(BesidePlatform()).Distinct(StringComparer.Ordinal))
        {
            if (Identify(path) is not var (name, version)) continue;
            if (!newest.TryGetValue(name, out var known) || known.Version < version) newest[name] = (version, path);
        }

        return new PlatformReferences(newest.ToDictionary(entry => entry.Key, entry => entry.Value.Path, StringComparer.OrdinalIgnoreCase));
    }

    /// <summary>Returns the path of a referenced assembly; null if it is not referenced.</summary>
    public string? PathOf(string? assemblyName) => assemblyName is null ? null : _paths.GetValueOrDefault(assemblyName);

    private static IEnumerable<string> StartedWith() =>
        (AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") as string ?? "").Split(
            Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);

    private static IEnumerable<string> BesidePlatform() => AppDomain.CurrentDomain.GetAssemblies()
        .Where(assembly => !assembly.IsDynamic
            && assembly.GetName().Name?.StartsWith(PlatformName, StringComparison.Ordinal) == true
            && assembly.Location.Length > 0)
        .Select(assembly => Path.GetDirectoryName(assembly.Location)!)
        .Distinct(StringComparer.Ordinal)
        .SelectMany(folder => Directory.EnumerateFiles(folder, "*.dll").Order(StringComparer.Ordinal));

    private static (string Name, Version Version)? Identify(string path)
    {
        // The folders also contain native libraries, some of which have the extension .dll on every platform.
        try
        {
            using var reader = new PEReader(File.OpenRead(path));
            if (!reader.HasMetadata) return null;
            var metadata = reader.GetMetadataReader();
            if (!metadata.IsAssembly) return null;
            var definition = metadata.GetAssemblyDefinition();
            return (metadata.GetString(definition.Name), definition.Version);
        }
        catch (Exception exception) when (exception is BadImageFormatException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
