using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Runtime.Loader;
using Microsoft.DotNet.Interactive;
using Microsoft.DotNet.Interactive.Commands;
using Microsoft.DotNet.Interactive.Events;
using MnistLab.Kernel.Cells;
using MnistLab.Kernel.Display;
using MnistLab.Kernel.Libraries;

namespace MnistLab.Kernel.Interactive;

/// <summary>
/// Loads the notebook extensions of packages and libraries, each once and before any cell uses its package. An
/// extension that cannot be loaded is reported, and does not prevent others from being loaded.
/// </summary>
/// <param name="root">The kernel to extend.</param>
/// <param name="context">The load context of the packages.</param>
internal sealed class ExtensionLoader(CompositeKernel root, AssemblyLoadContext context)
{
    private const string Script = "extension.dib";
    private readonly HashSet<string> _done = new(StringComparer.Ordinal);

    /// <summary>Loads the extensions in <c>interactive-extensions/dotnet</c> of packages.</summary>
    /// <param name="packageFolders">The folders of the packages.</param>
    /// <param name="report">Receives a line for each extension that cannot be loaded.</param>
    /// <param name="import">Runs the script of an extension, and returns its error; null if it succeeded.</param>
    /// <param name="cancellationToken">A token that cancels the wait.</param>
    public async Task LoadPackagesAsync(
        IEnumerable<string> packageFolders, Action<string> report, Func<string, Task<string?>> import, CancellationToken cancellationToken)
    {
        foreach (var folder in packageFolders) await LoadFolderAsync(folder, report, import, cancellationToken);
    }

    /// <summary>
    /// Loads the extensions in libraries, and those in <c>interactive-extensions/dotnet</c> beside them.
    /// </summary>
    /// <param name="files">The libraries.</param>
    /// <param name="report">Receives a line for each extension that cannot be loaded.</param>
    /// <param name="import">Runs the script of an extension, and returns its error; null if it succeeded.</param>
    /// <param name="cancellationToken">A token that cancels the wait.</param>
    public async Task LoadLibrariesAsync(
        IEnumerable<string> files, Action<string> report, Func<string, Task<string?>> import, CancellationToken cancellationToken)
    {
        foreach (var file in files)
        {
            if (_done.Add(file) && MayExtend(file)) await LoadAssemblyAsync(file, report, cancellationToken);
            await LoadFolderAsync(Path.GetDirectoryName(file)!, report, import, cancellationToken);
        }
    }

    private async Task LoadFolderAsync(
        string packageFolder,
        Action<string> report,
        Func<string, Task<string?>> import,
        CancellationToken cancellationToken)
    {
        var folder = Path.Combine(packageFolder, "interactive-extensions", "dotnet");
        if (!Directory.Exists(folder) || !_done.Add(folder)) return;

        foreach (var file in Directory.GetFiles(folder, "*.dll").Order(StringComparer.Ordinal))
            await LoadAssemblyAsync(file, report, cancellationToken);
        var script = Path.Combine(folder, Script);
        if (File.Exists(script) && await import(script) is { } problem) report($"The extension {script} failed: {problem}");
    }

    // A library without extensions is not loaded here: loading it may run its code before the notebook does.
    private static bool MayExtend(string file)
    {
        if (PlatformAssemblies.IsShared(Path.GetFileNameWithoutExtension(file))) return false;
        using var image = new PEReader(File.OpenRead(file));
        try
        {
            if (!image.HasMetadata) return false;

            var metadata = image.GetMetadataReader();
            return metadata.AssemblyReferences.Any(handle =>
                metadata.GetString(metadata.GetAssemblyReference(handle).Name) == "Microsoft.DotNet.Interactive");
        }
        catch (BadImageFormatException)
        {
            // The compiler, which reads the file next, reports the error.
            return false;
        }
    }

    private async Task LoadAssemblyAsync(string file, Action<string> report, CancellationToken cancellationToken)
    {
        try
        {
            var extensions = from type in Load(file).ExportedTypes
                             where type is { IsAbstract: false, IsGenericTypeDefinition: false }
                                 && typeof(IKernelExtension).IsAssignableFrom(type)
                             select type;
            foreach (var type in extensions.ToList()) await LoadAsync(type, file, report, cancellationToken);
        }
        // The file is not an assembly, or a dependency is missing.
        catch (Exception error) when (error is BadImageFormatException or IOException or TypeLoadException)
        {
            report($"The extension {file} cannot be loaded: {error.Message}");
        }
    }

    // The extension of a package is often also one of its libraries.
    private Assembly Load(string file)
    {
        var name = AssemblyName.GetAssemblyName(file).Name;
        return context.Assemblies.FirstOrDefault(assembly => assembly.GetName().Name == name) ?? context.LoadFromAssemblyPath(file);
    }

    private async Task LoadAsync(Type type, string file, Action<string> report, CancellationToken cancellationToken)
    {
        var supersede = RegisteredFormatters.BeforeExtension();
        var command = new LoadExtension(root, type);
        await root.SendAsync(command, cancellationToken).WaitAsync(cancellationToken);
        supersede();
        var failure = command.Failure;
        while (failure is TargetInvocationException { InnerException: { } inner }) failure = inner;
        if (failure is not null) report($"The extension {type.Name} of {file} cannot be loaded: {CellErrors.MessageOf(failure)}");
    }

    // Extensions need the context of a command to display values and to send further commands.
    private sealed class LoadExtension(CompositeKernel root, Type type) : KernelCommand(ScriptKernel.CSharp)
    {
        public Exception? Failure { get; private set; }

        public override async Task InvokeAsync(KernelInvocationContext context)
        {
            try
            {
                var extension = (IKernelExtension)Activator.CreateInstance(type)!;
                await extension.OnLoadAsync(root);
                context.Publish(new KernelExtensionLoaded(extension, this));
            }
            // An exception in an extension must not end the session.
            catch (Exception error)
            {
                Failure = error;
            }
        }
    }
}
