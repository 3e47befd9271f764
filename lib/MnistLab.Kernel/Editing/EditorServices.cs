using System.Composition.Hosting;
using Microsoft.CodeAnalysis.Host;
using Microsoft.CodeAnalysis.Host.Mef;

namespace MnistLab.Kernel;

/// <summary>Composes the services of the editor: those of the compiler's packages, without those whose results it drops.</summary>
internal static class EditorServices
{
    // Completes names that need a using, which the editor leaves out. The first request would index every type and every
    // extension method of every reference for it: the compiler's public API leaves no choice.
    private const string Unused = "ImportCompletionProvider";

    /// <summary>Composes the services.</summary>
    public static HostServices Compose()
    {
        var parts = MefHostServices.DefaultAssemblies
            .SelectMany(assembly => assembly.GetTypes())
            .Where(type => !type.Name.EndsWith(Unused, StringComparison.Ordinal));
        return MefHostServices.Create(new ContainerConfiguration().WithParts(parts).CreateContainer());
    }
}
