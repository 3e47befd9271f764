using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using Microsoft.CodeAnalysis;

namespace MnistLab.Models.UserCode;

/// <summary>
/// What user code is compiled against: the assemblies the process was started with, those of MnistLab that are loaded, and what lies beside them.
/// </summary>
/// <remarks>A notebook loads MnistLab by <c>#r</c>, so there the second and third kind are not among the first.</remarks>
internal sealed class PlatformReferences
{
    private const string PlatformName = "MnistLab.";
    private readonly Dictionary<string, string> _paths;

    private PlatformReferences(Dictionary<string, string> paths) => _paths = paths;

    /// <summary>The references, for the compiler.</summary>
    public IEnumerable<MetadataReference> Metadata => _paths.Values.Select(path => MetadataReference.CreateFromFile(path));

    /// <summary>Collects the references of this process as it is now; of several versions of an assembly the newest.</summary>
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

    /// <summary>The path of an assembly that user code was compiled against; null if it was not.</summary>
    public string? PathOf(string? assemblyName) => assemblyName is null ? null : _paths.GetValueOrDefault(assemblyName);

    private static IEnumerable<string> StartedWith() =>
        (AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") as string ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);

    private static IEnumerable<string> BesidePlatform() => AppDomain.CurrentDomain.GetAssemblies()
        .Where(assembly => !assembly.IsDynamic && assembly.GetName().Name?.StartsWith(PlatformName, StringComparison.Ordinal) == true && assembly.Location.Length > 0)
        .Select(assembly => Path.GetDirectoryName(assembly.Location)!)
        .Distinct(StringComparer.Ordinal)
        .SelectMany(folder => Directory.EnumerateFiles(folder, "*.dll").Order(StringComparer.Ordinal));

    private static (string Name, Version Version)? Identify(string path)
    {
        // Native libraries lie beside managed ones, and some of them are called .dll everywhere.
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
