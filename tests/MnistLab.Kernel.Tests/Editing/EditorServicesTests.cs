using System.Composition;
using System.Reflection;
using MnistLab.Kernel.Editing;

namespace MnistLab.Kernel.Tests;

public sealed class EditorServicesTests
{
    [Fact]
    public void Parts_OfTheEditorsPackages_AreTheTypesThatExportAServiceOfTheEditor()
    {
        var loaded = EditorServices.Assemblies.SelectMany(assembly => assembly.GetTypes());
        var expected = loaded.Where(type => !type.IsAbstract && Exports(type).Any(IsUsed) && !IsOfImports(type));

        var parts = EditorServices.Parts().ToList();

        Assert.Equal(Names(expected), Names(parts.Where(type => !type.IsAbstract)));
    }

    [Fact]
    public void Assemblies_OfTheEditor_AreThoseOfCSharp() => Assert.Equal(
        [
            "Microsoft.CodeAnalysis.CSharp.Features", "Microsoft.CodeAnalysis.CSharp.Workspaces",
            "Microsoft.CodeAnalysis.Features", "Microsoft.CodeAnalysis.Workspaces",
        ],
        EditorServices.Assemblies.Select(assembly => assembly.GetName().Name).Order(StringComparer.Ordinal));

    // As System.Composition finds them: on the type, and on its properties with those that it inherits.
    private static IEnumerable<Type> Exports(Type type) => type.GetRuntimeProperties()
        .Cast<MemberInfo>()
        .Append(type)
        .SelectMany(member => CustomAttributeData.GetCustomAttributes(member))
        .Select(attribute => attribute.AttributeType)
        .Where(typeof(ExportAttribute).IsAssignableFrom);

    private static bool IsUsed(Type attribute) =>
        !EditorServices.UnusedExports.Any(prefix => attribute.Name.StartsWith(prefix, StringComparison.Ordinal));

    private static bool IsOfImports(Type type) =>
        type.Name.EndsWith("ImportCompletionProvider", StringComparison.Ordinal);

    private static IEnumerable<string> Names(IEnumerable<Type> types) =>
        types.Select(type => type.FullName!).Order(StringComparer.Ordinal);
}
