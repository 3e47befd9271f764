using System.Reflection;
using System.Runtime.Loader;
using Microsoft.DotNet.Interactive;
using Microsoft.DotNet.Interactive.Commands;
using Microsoft.DotNet.Interactive.Events;

namespace MnistLab.Kernel;

/// <summary>Loads the extensions that packages bring for notebooks: each once, before any cell uses its package.</summary>
/// <param name="root">The kernel to extend.</param>
/// <param name="context">Where the packages are loaded.</param>
internal sealed class ExtensionLoader(CompositeKernel root, AssemblyLoadContext context)
{
    private const string Script = "extension.dib";
    private readonly HashSet<string> _done = new(StringComparer.Ordinal);

    /// <summary>Loads what lies in <c>interactive-extensions/dotnet</c> of the packages. What cannot be loaded is reported, and the rest is loaded all the same.</summary>
    /// <param name="packageFolders">The packages' folders.</param>
    /// <param name="report">Gets a line for each extension that cannot be loaded.</param>
    /// <param name="import">Runs an extension's script.</param>
    public async Task LoadAsync(IEnumerable<string> packageFolders, Action<string> report, Func<string, Task> import)
    {
        foreach (var folder in packageFolders.Select(folder => Path.Combine(folder, "interactive-extensions", "dotnet")).Where(Directory.Exists).Where(_done.Add))
        {
            foreach (var file in Directory.GetFiles(folder, "*.dll").Order(StringComparer.Ordinal)) await LoadAssemblyAsync(file, report);
            if (File.Exists(Path.Combine(folder, Script))) await import(Path.Combine(folder, Script));
        }
    }

    private async Task LoadAssemblyAsync(string file, Action<string> report)
    {
        try
        {
            var extensions = from type in context.LoadFromAssemblyPath(file).ExportedTypes
                             where type is { IsAbstract: false, IsGenericTypeDefinition: false } && typeof(IKernelExtension).IsAssignableFrom(type)
                             select type;
            foreach (var type in extensions.ToList()) await LoadAsync(type, file, report);
        }
        // A file that is no assembly, or needs one that is missing.
        catch (Exception error) when (error is BadImageFormatException or IOException or TypeLoadException)
        {
            report($"The extension {file} cannot be loaded: {error.Message}");
        }
    }

    private async Task LoadAsync(Type type, string file, Action<string> report)
    {
        var command = new LoadExtension(root, type);
        await root.SendAsync(command);
        if (command.Failure is { } failure) report($"The extension {type.Name} of {file} cannot be loaded: {(failure is TargetInvocationException { InnerException: { } inner } ? inner : failure).Message}");
    }

    // Extensions expect that a command is being handled: they display, and they send commands of their own.
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
            // An extension's fault must not cost the notebook its session.
            catch (Exception error)
            {
                Failure = error;
            }
        }
    }
}
