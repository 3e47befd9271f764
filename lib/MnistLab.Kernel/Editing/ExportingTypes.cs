using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace MnistLab.Kernel.Editing;

/// <summary>
/// Finds the types that export a service, from the metadata of their assemblies. Loading all types, as reflection does,
/// would take several times as long, and memory for thousands of unused types.
/// </summary>
internal static class ExportingTypes
{
    // The attributes that export a service derive from this one.
    private const string Export = "ExportAttribute";
    private const string AttributeSuffix = "Attribute";

    /// <summary>Returns the exporting types of assemblies, which include the attributes that these use.</summary>
    /// <param name="assemblies">Assemblies that were loaded from files.</param>
    /// <param name="unused">The prefixes of attributes that do not count.</param>
    public static IReadOnlyList<Type> In(IReadOnlyList<Assembly> assemblies, IReadOnlyList<string> unused)
    {
        var images = assemblies.Select(assembly => new PEReader(File.OpenRead(assembly.Location))).ToList();
        try
        {
            var metadata = images.Select(image => image.GetMetadataReader()).ToList();
            var bases = metadata.SelectMany(Attributes).DistinctBy(attribute => attribute.Name)
                .ToDictionary(attribute => attribute.Name, attribute => attribute.Base, StringComparer.Ordinal);
            var counted = bases.Keys.Append(Export)
                .Where(name => IsExport(name, bases))
                .Where(name => !unused.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal)))
                .ToHashSet(StringComparer.Ordinal);
            return [.. metadata.Zip(assemblies).SelectMany(pair => pair.First.TypeDefinitions
                .Where(type => Exports(pair.First, pair.First.GetTypeDefinition(type), counted))
                .Select(type => pair.Second.ManifestModule.ResolveType(MetadataTokens.GetToken(type))))];
        }
        finally
        {
            foreach (var image in images) image.Dispose();
        }
    }

    private static bool IsExport(string name, Dictionary<string, string?> bases) =>
        name == Export || (bases.GetValueOrDefault(name) is { } parent && IsExport(parent, bases));

    private static IEnumerable<(string Name, string? Base)> Attributes(MetadataReader metadata) =>
        from handle in metadata.TypeDefinitions
        let type = metadata.GetTypeDefinition(handle)
        let name = metadata.GetString(type.Name)
        where name.EndsWith(AttributeSuffix, StringComparison.Ordinal)
        select (name, NameOf(metadata, type.BaseType));

    private static bool Exports(MetadataReader metadata, TypeDefinition type, HashSet<string> counted) =>
        Exports(metadata, type.GetCustomAttributes(), counted)
        || type.GetProperties().Any(property =>
            Exports(metadata, metadata.GetPropertyDefinition(property).GetCustomAttributes(), counted));

    private static bool Exports(
        MetadataReader metadata, CustomAttributeHandleCollection attributes, HashSet<string> counted) =>
        attributes.Any(attribute => counted.Contains(
            NameOf(metadata, OwnerOf(metadata, metadata.GetCustomAttribute(attribute).Constructor)) ?? ""));

    private static EntityHandle OwnerOf(MetadataReader metadata, EntityHandle constructor) =>
        constructor.Kind == HandleKind.MethodDefinition
            ? metadata.GetMethodDefinition((MethodDefinitionHandle)constructor).GetDeclaringType()
            : metadata.GetMemberReference((MemberReferenceHandle)constructor).Parent;

    private static string? NameOf(MetadataReader metadata, EntityHandle type) => type.Kind switch
    {
        HandleKind.TypeDefinition when !type.IsNil =>
            metadata.GetString(metadata.GetTypeDefinition((TypeDefinitionHandle)type).Name),
        HandleKind.TypeReference => metadata.GetString(metadata.GetTypeReference((TypeReferenceHandle)type).Name),
        // A constructed generic type.
        _ => null,
    };
}
