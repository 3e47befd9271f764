using System.Globalization;
using System.Runtime.InteropServices;
using System.Xml;
using Microsoft.CodeAnalysis;

namespace MnistLab.Kernel.Libraries;

/// <summary>
/// Provides the XML documentation of an assembly, from the file beside it or, for assemblies of .NET, from the
/// reference packs of the SDK. Reads nothing until a symbol's documentation is requested.
/// </summary>
/// <param name="assemblyFile">The full path of the assembly.</param>
internal sealed class AssemblyDocumentation(string assemblyFile) : DocumentationProvider
{
    // The packs document the reference assemblies. The implementations of the most common types are in other
    // assemblies.
    private static readonly string[] OfCore = ["System.Runtime",
        "System.Collections",
        "System.Threading",
        "System.Memory",
        "System.Runtime.InteropServices",
        "System.Threading.Tasks.Parallel"];
    private static readonly string[] OfXml = ["System.Xml.ReaderWriter", "System.Xml.XDocument", "System.Xml.XmlSerializer"];

    private static readonly Lazy<IReadOnlyDictionary<string, Lazy<IReadOnlyDictionary<string, string>>>> Packs =
        new(FindPacks);

    private readonly string _assemblyFile = assemblyFile;
    private readonly Lazy<IReadOnlyList<Lazy<IReadOnlyDictionary<string, string>>>> _files =
        new(() => FilesOf(assemblyFile));

    /// <inheritdoc/>
    public override bool Equals(object? obj) =>
        obj is AssemblyDocumentation other && other._assemblyFile == _assemblyFile;

    /// <inheritdoc/>
    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(_assemblyFile);

    /// <inheritdoc/>
    protected override string? GetDocumentationForSymbol(
        string documentationMemberID, CultureInfo preferredCulture, CancellationToken cancellationToken = default) =>
        _files.Value
            .Select(file => file.Value.GetValueOrDefault(documentationMemberID))
            .FirstOrDefault(documentation => documentation is not null);

    private static IReadOnlyList<Lazy<IReadOnlyDictionary<string, string>>> FilesOf(string assemblyFile)
    {
        var beside = Path.ChangeExtension(assemblyFile, ".xml");
        if (File.Exists(beside)) return [new(() => Read(beside))];

        var name = Path.GetFileNameWithoutExtension(assemblyFile);
        string[] names = name switch
        {
            "System.Private.CoreLib" or "System.Private.Uri" => OfCore,
            "System.Private.Xml" or "System.Private.Xml.Linq" => OfXml,
            _ => [name],
        };
        return [.. names.Select(Packs.Value.GetValueOrDefault).OfType<Lazy<IReadOnlyDictionary<string, string>>>()];
    }

    private static IReadOnlyDictionary<string, string> Read(string file)
    {
        var members = new Dictionary<string, string>(StringComparer.Ordinal);
        using var reader = XmlReader.Create(file);
        while (reader.ReadToFollowing("member"))
        {
            if (reader.GetAttribute("name") is not { } name) continue;
            using var member = reader.ReadSubtree();
            member.MoveToContent();
            members[name] = member.ReadInnerXml();
        }

        return members;
    }

    private static IReadOnlyDictionary<string, Lazy<IReadOnlyDictionary<string, string>>> FindPacks()
    {
        // <root>/shared/Microsoft.NETCore.App/<version>/ and
        // <root>/packs/Microsoft.NETCore.App.Ref/<version>/ref/net10.0/*.xml
        var root = new DirectoryInfo(RuntimeEnvironment.GetRuntimeDirectory()).Parent?.Parent?.Parent?.FullName ?? "";
        var packs = new[] { "Microsoft.NETCore.App.Ref", "Microsoft.AspNetCore.App.Ref" }
            .Select(pack => new DirectoryInfo(Path.Combine(root, "packs", pack)))
            .Where(pack => pack.Exists)
            .SelectMany(pack => pack.GetDirectories())
            .Where(version => version.Name.StartsWith($"{Environment.Version.Major}.", StringComparison.Ordinal));
        return packs
            .SelectMany(version => version.GetFiles("*.xml", SearchOption.AllDirectories))
            .DistinctBy(file => file.Name)
            .ToDictionary(
                file => Path.GetFileNameWithoutExtension(file.Name),
                file => new Lazy<IReadOnlyDictionary<string, string>>(() => Read(file.FullName)),
                StringComparer.OrdinalIgnoreCase);
    }
}
