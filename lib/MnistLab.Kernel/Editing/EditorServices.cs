using System.Composition.Hosting;
using System.Reflection;
using Microsoft.CodeAnalysis.Host;
using Microsoft.CodeAnalysis.Host.Mef;

namespace MnistLab.Kernel.Editing;

/// <summary>
/// Composes the services of the editor from the compiler's packages, without those whose results the editor discards.
/// </summary>
internal static class EditorServices
{
    // The suffix of the providers that complete names that need a using directive. The editor discards their results,
    // and they would index every type and every extension method of every reference in the first request, which no
    // option of the compiler's public API prevents.
    private const string UnusedProvider = "ImportCompletionProvider";

    // A dependency of the editor's packages.
    private const string OtherLanguage = ".VisualBasic.";

    /// <summary>Gets the prefixes of the attributes that export what the editor does not offer.</summary>
    internal static IReadOnlyList<string> UnusedExports { get; } = ["ExportCodeFix", "ExportCodeRefactoring", "IntentProvider"];

    /// <summary>Gets the assemblies whose services are composed.</summary>
    internal static IReadOnlyList<Assembly> Assemblies =>
        [.. MefHostServices.DefaultAssemblies.Where(
            assembly => !assembly.GetName().Name!.Contains(OtherLanguage, StringComparison.Ordinal))];

    /// <summary>Composes the services.</summary>
    public static HostServices Compose() =>
        MefHostServices.Create(new ContainerConfiguration().WithParts(Parts()).CreateContainer());

    /// <summary>Finds the types that export a service.</summary>
    internal static IEnumerable<Type> Parts() => ExportingTypes.In(Assemblies, UnusedExports)
        .Where(type => !type.Name.EndsWith(UnusedProvider, StringComparison.Ordinal));
}
