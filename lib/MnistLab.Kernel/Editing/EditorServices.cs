using System.Composition.Hosting;
using Microsoft.CodeAnalysis.Host;
using Microsoft.CodeAnalysis.Host.Mef;

namespace MnistLab.Kernel;

/// <summary>
/// Composes the services of the editor from the compiler's packages, without those whose results the editor discards.
/// </summary>
internal static class EditorServices
{
    // The suffix of providers that complete names that need a using directive, which the editor discards. For these,
    // the first request would index every type and every extension method of every reference, and the compiler's public
    // API has no option to prevent that.
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
