using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Loader;

namespace MnistLab.Kernel;

/// <summary>
/// Finds the managed and native libraries that lie beside the assemblies a notebook refers to, or in packages that it refers to. All go into the default load context: the scripting engine's
/// own loader opens one context after the other, and a library that is loaded twice has two of each of its types.
/// </summary>
/// <remarks>Acts on the whole process from the first folder that is added until it is disposed; what was loaded stays loaded.</remarks>
internal sealed class LibraryFolders : IDisposable
{
    private readonly Lock _lock = new();
    private readonly ConcurrentDictionary<string, string> _assemblies = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<string, string> _natives = new(StringComparer.OrdinalIgnoreCase);
    private string[] _folders = [];

    public LibraryFolders()
    {
        AssemblyLoadContext.Default.Resolving += LoadManaged;
        AssemblyLoadContext.Default.ResolvingUnmanagedDll += LoadNative;
    }

    public void Add(string folder)
    {
        lock (_lock)
        {
            if (!_folders.Contains(folder)) _folders = [.. _folders, folder];
        }
    }

    /// <summary>Adds files, wherever they lie; the first of a name wins.</summary>
    /// <param name="assemblies">Managed libraries by the simple names of their assemblies.</param>
    /// <param name="natives">Native libraries by file name.</param>
    public void Add(IReadOnlyDictionary<string, string> assemblies, IReadOnlyDictionary<string, string> natives)
    {
        foreach (var (name, file) in assemblies) _assemblies.TryAdd(name, file);
        foreach (var (name, file) in natives) _natives.TryAdd(name, file);
    }

    public void Dispose()
    {
        AssemblyLoadContext.Default.Resolving -= LoadManaged;
        AssemblyLoadContext.Default.ResolvingUnmanagedDll -= LoadNative;
    }

    private Assembly? LoadManaged(AssemblyLoadContext context, AssemblyName name)
    {
        if (string.IsNullOrEmpty(name.CultureName) && _assemblies.TryGetValue(name.Name!, out var known)) return context.LoadFromAssemblyPath(known);

        // A satellite assembly lies in a folder named after its culture.
        var file = Path.Combine(name.CultureName ?? "", name.Name + ".dll");
        return _folders.Select(folder => Path.Combine(folder, file)).FirstOrDefault(File.Exists) is { } path ? context.LoadFromAssemblyPath(path) : null;
    }

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
