using System.Runtime.InteropServices;

namespace MnistLab.Kernel;

/// <summary>Finds the XML documentation of an assembly: beside it, or, for the platform's own, in the reference packs of the SDK.</summary>
internal static class PlatformDocumentation
{
    private static readonly IReadOnlyDictionary<string, string> OfPlatform = Find();

    /// <summary>The file with the documentation of the assembly's public names; null if there is none.</summary>
    public static string? Of(string assemblyFile)
    {
        var beside = Path.ChangeExtension(assemblyFile, ".xml");
        return File.Exists(beside) ? beside : OfPlatform.GetValueOrDefault(Path.GetFileNameWithoutExtension(assemblyFile));
    }

    private static Dictionary<string, string> Find()
    {
        // <root>/shared/Microsoft.NETCore.App/<version>/ and <root>/packs/Microsoft.NETCore.App.Ref/<version>/ref/net10.0/*.xml
        var root = new DirectoryInfo(RuntimeEnvironment.GetRuntimeDirectory()).Parent?.Parent?.Parent?.FullName ?? "";
        var packs = new[] { "Microsoft.NETCore.App.Ref", "Microsoft.AspNetCore.App.Ref" }
            .Select(pack => new DirectoryInfo(Path.Combine(root, "packs", pack)))
            .Where(pack => pack.Exists)
            .SelectMany(pack => pack.GetDirectories())
            .Where(version => version.Name.StartsWith($"{Environment.Version.Major}.", StringComparison.Ordinal));
        return packs
            .SelectMany(version => version.GetFiles("*.xml", SearchOption.AllDirectories))
            .DistinctBy(file => file.Name)
            .ToDictionary(file => Path.GetFileNameWithoutExtension(file.Name), file => file.FullName, StringComparer.OrdinalIgnoreCase);
    }
}
