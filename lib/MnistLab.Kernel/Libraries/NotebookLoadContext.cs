using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Loader;

namespace MnistLab.Kernel.Libraries;

/// <summary>
/// Loads the libraries and packages that the cells of a notebook reference, and their dependencies. The dependencies of
/// the kernel are in the default context and do not interfere: a notebook may use other versions of them. The notebook
/// shares with the kernel the platform and the assemblies of the API that cells call.
/// </summary>
/// <remarks>
/// There is one context for all libraries, because the types of a library that is loaded twice would differ. Assemblies
/// are never unloaded.
/// </remarks>
internal sealed class NotebookLoadContext : AssemblyLoadContext, IDisposable
{
    private readonly Lock _lock = new();
    private readonly ConcurrentDictionary<string, string> _assemblies = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<string, string> _natives = new(StringComparer.OrdinalIgnoreCase);
    private string[] _folders = [];

    public NotebookLoadContext()
        : base("notebook")
    {
        ResolvingUnmanagedDll += LoadNative;
        // The platform resolves types and libraries of the notebook by name, from the default context.
        Default.Resolving += LoadForPlatform;
        Default.ResolvingUnmanagedDll += LoadNative;
    }

    /// <summary>Makes the libraries of a folder available for loading. Folders added earlier take precedence.</summary>
    public void Add(string folder)
    {
        lock (_lock)
        {
            if (!_folders.Contains(folder)) _folders = [.. _folders, folder];
        }
    }

    /// <summary>
    /// Makes files in any folders available for loading. If several have the same name, the first takes precedence.
    /// </summary>
    /// <param name="assemblies">The managed libraries, by the simple names of their assemblies.</param>
    /// <param name="natives">The native libraries, by file name.</param>
    public void Add(IReadOnlyDictionary<string, string> assemblies, IReadOnlyDictionary<string, string> natives)
    {
        foreach (var (name, file) in assemblies) _assemblies.TryAdd(name, file);
        foreach (var (name, file) in natives) _natives.TryAdd(name, file);
    }

    public void Dispose()
    {
        Default.Resolving -= LoadForPlatform;
        Default.ResolvingUnmanagedDll -= LoadNative;
    }

    /// <summary>
    /// Loads an assembly of the notebook. Returns null for one that the default context provides, or that does not
    /// exist.
    /// </summary>
    public Assembly? Find(AssemblyName name) => FileOf(name) is { } file ? LoadFromAssemblyPath(file) : null;

    protected override Assembly? Load(AssemblyName assemblyName) => Find(assemblyName);

    private Assembly? LoadForPlatform(AssemblyLoadContext context, AssemblyName name) => Find(name);

    private string? FileOf(AssemblyName name)
    {
        if (string.IsNullOrEmpty(name.CultureName))
        {
            if (PlatformAssemblies.IsShared(name.Name!)) return null;
            var found = _assemblies.GetValueOrDefault(name.Name!) ?? FindInFolders(name.Name + ".dll");
            // Avoids loading and JIT-compiling an identical build again.
            return found is null || PlatformAssemblies.IsSameBuild(name.Name!, found) ? null : found;
        }

        // A satellite assembly is in a folder named after its culture.
        return FindInFolders(Path.Combine(name.CultureName, name.Name + ".dll"));
    }

    private string? FindInFolders(string file) => _folders.Select(folder => Path.Combine(folder, file)).FirstOrDefault(File.Exists);

    private nint LoadNative(Assembly assembly, string name)
    {
        string[] names = [.. NativeFileNames(name)];
        var known = names.Select(file => _natives.GetValueOrDefault(Path.GetFileName(file))).OfType<string>();
        foreach (var path in known.Concat(from folder in _folders from file in names select Path.Combine(folder, file)))
        {
            if (File.Exists(path) && NativeLibrary.TryLoad(path, out var library)) return library;
        }

        return 0;
    }

    private static IEnumerable<string> NativeFileNames(string name)
    {
        var extension = OperatingSystem.IsWindows() ? ".dll" : OperatingSystem.IsMacOS() ? ".dylib" : ".so";
        string[] names = [name, name + extension];
        return OperatingSystem.IsWindows() ? names : [.. names, .. names.Select(file => "lib" + file)];
    }
}
