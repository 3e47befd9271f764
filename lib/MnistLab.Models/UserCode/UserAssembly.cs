using System.Reflection;
using MnistLab.Hosting;

namespace MnistLab.Models.UserCode;

/// <summary>
/// Represents compiled and loaded user code. After disposal, it is unloaded once none of it is in use.
/// </summary>
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

    /// <summary>Loads an assembly that <see cref="Save"/> has saved, without compiling.</summary>
    /// <param name="file">The path of the assembly; its symbols are in the <c>.pdb</c> file beside it.</param>
    /// <param name="source">The path of the source file, for messages.</param>
    /// <exception cref="IOException">A file is missing or cannot be read.</exception>
    /// <exception cref="BadImageFormatException">The file is not an assembly.</exception>
    public static UserAssembly Load(string file, string source)
    {
        ArgumentException.ThrowIfNullOrEmpty(file);
        ArgumentException.ThrowIfNullOrEmpty(source);
        // Lazy, because finding the platform's assemblies takes longer than loading this one, and is needed only if a
        // reference is not loaded yet.
        return new UserAssembly(
            [source],
            File.ReadAllBytes(file),
            File.ReadAllBytes(Path.ChangeExtension(file, ".pdb")),
            new Lazy<PlatformReferences>(PlatformReferences.Find));
    }

    /// <summary>Gets the assembly.</summary>
    public Assembly Assembly { get; }

    /// <summary>
    /// Gets whether the code is a program that <see cref="RunMainAsync"/> can run, rather than a class library.
    /// </summary>
    public bool IsProgram => Assembly.EntryPoint is not null;

    /// <summary>
    /// Runs the program, either its top-level statements or its <c>Main</c> method, on a separate thread. Exceptions of
    /// the program are thrown unwrapped.
    /// </summary>
    /// <returns>The exit code of the program; 0 if it returns none.</returns>
    /// <exception cref="UserCodeException">The code has no entry point.</exception>
    public Task<int> RunMainAsync(string[] args)
    {
        ArgumentNullException.ThrowIfNull(args);
        var entryPoint = Assembly.EntryPoint
            ?? throw new UserCodeException($"{_files} has no entry point: write top-level statements, or a static method Main.");

        // The entry point of an asynchronous program blocks until the program ends, so it must not run on the caller's
        // thread or a pool thread.
        return Task.Factory.StartNew(
            () => entryPoint.Invoke(
                null,
                BindingFlags.DoNotWrapExceptions,
                null,
                entryPoint.GetParameters().Length == 0 ? [] : [args],
                null) as int? ?? 0,
            CancellationToken.None,
            TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach,
            TaskScheduler.Default);
    }

    /// <summary>
    /// Creates an instance of the only public class that derives from or implements <typeparamref name="T"/>.
    /// </summary>
    /// <exception cref="UserCodeException">There is no such class, or more than one, or it has no public parameterless
    /// constructor, or the constructor failed.</exception>
    public T CreateInstance<T>()
        where T : class
    {
        var wanted = typeof(T).Name;
        var derived = Assembly
            .GetTypes()
            .Where(type => type is { IsClass: true, IsAbstract: false } && type.IsAssignableTo(typeof(T)))
            .ToArray();
        var found = derived.Where(type => type.IsVisible).ToArray();
        if (found.Length > 1)
        {
            throw new UserCodeException(
                $"{_files} has {found.Length} public classes that derive from {wanted} ({string.Join(", ", found.Select(type => type.Name))}); only one can be used: keep one, or make the others internal.");
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
            throw new UserCodeException(
                $"The constructor of {found[0].Name} in {_files} failed: {cause.GetType().Name}: {cause.Message}",
                cause);
        }
    }

    /// <summary>
    /// Saves the compiled code for <see cref="Load"/>. It remains valid only for the platform build that it was
    /// compiled against.
    /// </summary>
    /// <param name="file">The path of the assembly; its symbols are saved beside it, as <c>.pdb</c>. The assembly is
    /// written last, so if it exists, both files do.</param>
    /// <exception cref="IOException">The files cannot be written.</exception>
    public void Save(string file)
    {
        ArgumentException.ThrowIfNullOrEmpty(file);
        AtomicFile.Replace(Path.ChangeExtension(file, ".pdb"), target => target.Write(_symbols));
        AtomicFile.Replace(file, target => target.Write(_assembly));
    }

    /// <summary>Unloads the code.</summary>
    public void Dispose() => _context.Unload();
}
