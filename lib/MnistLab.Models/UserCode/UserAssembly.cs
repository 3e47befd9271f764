using System.Reflection;
using MnistLab.Hosting;

namespace MnistLab.Models.UserCode;

/// <summary>User code, compiled and loaded. Disposing lets it go once nothing of it is in use any more.</summary>
public sealed class UserAssembly : IDisposable
{
    private readonly UserLoadContext _context;
    private readonly string _files;
    private readonly byte[] _assembly;
    private readonly byte[] _symbols;

    internal UserAssembly(IReadOnlyList<string> files, byte[] assembly, byte[] symbols, Lazy<PlatformReferences> references)
    {
        _files = string.Join(", ", files.Select(Path.GetFileName));
        (_assembly, _symbols) = (assembly, symbols);
        _context = new UserLoadContext($"user code: {_files}", references);
        Assembly = _context.LoadFromStream(new MemoryStream(assembly), new MemoryStream(symbols));
    }

    /// <summary>Loads what <see cref="Save"/> has saved, without compiling anything.</summary>
    /// <param name="file">The path of the assembly; its symbols lie beside it, as <c>.pdb</c>.</param>
    /// <param name="source">The path of the file it was compiled from, for messages.</param>
    /// <exception cref="IOException">A file is missing or cannot be read.</exception>
    /// <exception cref="BadImageFormatException">The file is no assembly.</exception>
    public static UserAssembly Load(string file, string source)
    {
        ArgumentException.ThrowIfNullOrEmpty(file);
        ArgumentException.ThrowIfNullOrEmpty(source);
        // Looking through the platform's assemblies takes longer than loading: only where one of them is needed that is not loaded yet.
        return new UserAssembly([source], File.ReadAllBytes(file), File.ReadAllBytes(Path.ChangeExtension(file, ".pdb")), new Lazy<PlatformReferences>(PlatformReferences.Find));
    }

    /// <summary>The assembly.</summary>
    public Assembly Assembly { get; }

    /// <summary>Whether the code is a program, one that <see cref="RunMainAsync"/> can run, and not only classes.</summary>
    public bool IsProgram => Assembly.EntryPoint is not null;

    /// <summary>
    /// Runs the program: its top-level statements or its <c>Main</c>, whichever form it has, on a thread of its own.
    /// What the program throws comes out as it is.
    /// </summary>
    /// <returns>The exit code: what the program returned, 0 if it returns nothing.</returns>
    /// <exception cref="UserCodeException">The code is no program.</exception>
    public Task<int> RunMainAsync(string[] args)
    {
        ArgumentNullException.ThrowIfNull(args);
        var entryPoint = Assembly.EntryPoint
            ?? throw new UserCodeException($"{_files} has no entry point: write top-level statements, or a static method Main.");

        // The entry point of an asynchronous program waits for it to end, so it needs a thread that may wait: neither the caller's nor the pool's.
        return Task.Factory.StartNew(
            () => entryPoint.Invoke(null, BindingFlags.DoNotWrapExceptions, null, entryPoint.GetParameters().Length == 0 ? [] : [args], null) as int? ?? 0,
            CancellationToken.None,
            TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach,
            TaskScheduler.Default);
    }

    /// <summary>Creates the one public class that derives from <typeparamref name="T"/> (or implements it).</summary>
    /// <exception cref="UserCodeException">There is none, or more than one; it has no public constructor without parameters, or that failed.</exception>
    public T CreateInstance<T>()
        where T : class
    {
        var wanted = typeof(T).Name;
        var derived = Assembly.GetTypes().Where(type => type is { IsClass: true, IsAbstract: false } && type.IsAssignableTo(typeof(T))).ToArray();
        var found = derived.Where(type => type.IsVisible).ToArray();
        if (found.Length > 1)
        {
            throw new UserCodeException($"{_files} has {found.Length} public classes that derive from {wanted} ({string.Join(", ", found.Select(type => type.Name))}); only one can be used: keep one, or make the others internal.");
        }

        if (found.Length == 0)
        {
            throw new UserCodeException(derived.Length == 0
                ? $"{_files} has no public class that derives from {wanted}: write 'public class MyService : {wanted} {{ }}'."
                : $"{_files} has no public class that derives from {wanted}; {derived[0].Name} does, but is not public: write 'public class {derived[0].Name}'.");
        }

        var constructor = found[0].GetConstructor(Type.EmptyTypes)
            ?? throw new UserCodeException($"{found[0].Name} in {_files} has no public constructor without parameters: add one.");
        try
        {
            return (T)constructor.Invoke(null);
        }
        catch (TargetInvocationException exception)
        {
            var cause = exception.InnerException ?? exception;
            throw new UserCodeException($"The constructor of {found[0].Name} in {_files} failed: {cause.GetType().Name}: {cause.Message}", cause);
        }
    }

    /// <summary>Saves the compiled code, for <see cref="Load"/>: it is good as long as the platform is the one it was compiled against.</summary>
    /// <param name="file">The path of the assembly; its symbols go beside it, as <c>.pdb</c>. The assembly comes last: where it is, both are.</param>
    /// <exception cref="IOException">The files cannot be written.</exception>
    public void Save(string file)
    {
        ArgumentException.ThrowIfNullOrEmpty(file);
        AtomicFile.Replace(Path.ChangeExtension(file, ".pdb"), target => target.Write(_symbols));
        AtomicFile.Replace(file, target => target.Write(_assembly));
    }

    /// <summary>Lets the code go.</summary>
    public void Dispose() => _context.Unload();
}
