using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.Loader;
using MnistLab.Kernel.Libraries;

namespace MnistLab.Kernel.Cells;

/// <summary>Loads the compiled cells of a session.</summary>
/// <param name="libraries">The load context of the libraries that the cells reference.</param>
internal sealed class CellAssemblies(NotebookLoadContext libraries) : AssemblyLoadContext("cells")
{
    // Cells share these assemblies with the engine, so they get the ones that the engine itself uses.
    private static readonly Dictionary<string, Assembly> Shared = new[]
    {
        typeof(CellAssemblies).Assembly,
        typeof(Microsoft.DotNet.Interactive.Formatting.Formatter).Assembly,
        typeof(Microsoft.DotNet.Interactive.Kernel).Assembly,
    }
        .ToDictionary(assembly => assembly.GetName().Name!);

    private readonly ConcurrentDictionary<Assembly, CellScope> _scopes = [];

    /// <summary>Returns the cell that a method was compiled from; null if the method is not from a cell.</summary>
    public static CellScope? ScopeOf(MethodBase? method) =>
        method?.Module.Assembly is { } assembly && GetLoadContext(assembly) is CellAssemblies cells
            ? cells._scopes.GetValueOrDefault(assembly)
            : null;

    /// <summary>Loads a compiled cell.</summary>
    public Assembly Load(Stream code, Stream symbols, CellScope scope)
    {
        var assembly = LoadFromStream(code, symbols);
        _scopes[assembly] = scope;
        return assembly;
    }

    protected override Assembly? Load(AssemblyName assemblyName) =>
        Shared.GetValueOrDefault(assemblyName.Name!) ?? libraries.Find(assemblyName);
}
