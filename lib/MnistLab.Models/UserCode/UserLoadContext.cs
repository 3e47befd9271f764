using System.Reflection;
using System.Runtime.Loader;

namespace MnistLab.Models.UserCode;

/// <summary>
/// Where user code is loaded, apart from the platform, so that it can be let go. What it refers to is the platform's own copy:
/// a class that derives from a platform class has to derive from the one that is loaded.
/// </summary>
internal sealed class UserLoadContext(string name, Lazy<PlatformReferences> references) : AssemblyLoadContext(name, isCollectible: true)
{
    private static readonly AssemblyLoadContext PlatformContext = GetLoadContext(typeof(UserLoadContext).Assembly) ?? Default;

    protected override Assembly? Load(AssemblyName assemblyName)
    {
        // A notebook kernel loads each assembly into a context of its own: the one that is loaded is the right one, in whichever context it is.
        var loaded = AppDomain.CurrentDomain.GetAssemblies().Where(assembly => AssemblyName.ReferenceMatchesDefinition(assemblyName, assembly.GetName()) && GetLoadContext(assembly)?.IsCollectible == false);
        if (loaded.OrderByDescending(assembly => GetLoadContext(assembly) == PlatformContext).FirstOrDefault() is { } assembly) return assembly;

        return references.Value.PathOf(assemblyName.Name) is { } path && !IsFramework(path) ? PlatformContext.LoadFromAssemblyPath(path) : null;
    }

    // The framework's assemblies belong to the default context alone.
    private static bool IsFramework(string path) =>
        Path.GetDirectoryName(path) is { } folder && Path.GetDirectoryName(folder) is { } framework && Path.GetFileName(Path.GetDirectoryName(framework)) == "shared";
}
