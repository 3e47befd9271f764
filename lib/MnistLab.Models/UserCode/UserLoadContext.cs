using System.Reflection;
using System.Runtime.Loader;

namespace MnistLab.Models.UserCode;

/// <summary>
/// Represents the collectible context that user code is loaded into, so that it can be unloaded. References resolve to
/// the assemblies that the platform has loaded, because a class must derive from the same platform class that the
/// platform uses.
/// </summary>
internal sealed class UserLoadContext(string name, Lazy<PlatformReferences> references) : AssemblyLoadContext(name, isCollectible: true)
{
    private static readonly AssemblyLoadContext PlatformContext = GetLoadContext(typeof(UserLoadContext).Assembly) ?? Default;

    protected override Assembly? Load(AssemblyName assemblyName)
    {
        // A notebook kernel loads each assembly into its own context, so an already loaded assembly is used, whichever
        // context it is in.
        var loaded = AppDomain.CurrentDomain.GetAssemblies().Where(assembly =>
            AssemblyName.ReferenceMatchesDefinition(assemblyName, assembly.GetName())
            && GetLoadContext(assembly)?.IsCollectible == false);
        if (loaded.OrderByDescending(assembly => GetLoadContext(assembly) == PlatformContext).FirstOrDefault() is { } assembly)
            return assembly;

        return references.Value.PathOf(assemblyName.Name) is { } path && !IsFramework(path)
            ? PlatformContext.LoadFromAssemblyPath(path)
            : null;
    }

    // Framework assemblies are loaded only by the default context.
    private static bool IsFramework(string path) =>
        Path.GetDirectoryName(path) is { } folder
            && Path.GetDirectoryName(folder) is { } framework
            && Path.GetFileName(Path.GetDirectoryName(framework)) == "shared";
}
