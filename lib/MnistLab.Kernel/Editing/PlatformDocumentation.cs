using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Xml;
using Microsoft.CodeAnalysis;

namespace MnistLab.Kernel;

/// <summary>
/// Provides the XML documentation of an assembly, from the file beside it or, for assemblies of .NET, from the
/// reference packs of the SDK.
/// </summary>
internal sealed class PlatformDocumentation : DocumentationProvider
{
    private static readonly IReadOnlyDictionary<string, string> Files = Find();
    private static readonly ConcurrentDictionary<string, IReadOnlyDictionary<string, string>> Members = new(StringComparer.Ordinal);

    // The packs document the reference assemblies. The implementations of the most common types are in other
    // assemblies.
    private static readonly string[] OfCore = ["System.Runtime",
        "System.Collections",
        "System.Threading",
        "System.Memory",
        "System.Runtime.InteropServices",
        "System.Threading.Tasks.Parallel"];
    private static readonly string[] OfXml = ["System.Xml.ReaderWriter", "System.Xml.XDocument", "System.Xml.XmlSerializer"];

    private readonly string _name;
    private readonly IReadOnlyList<string> _files;

    private PlatformDocumentation(string name, IReadOnlyList<string> files) => (_name, _files) = (name, files);

    /// <summary>Returns the documentation of an assembly; null if there is none.</summary>
    public static DocumentationProvider? Find(string assemblyFile)
    {
        var beside = Path.ChangeExtension(assemblyFile, ".xml");
        if (File.Exists(beside)) return XmlDocumentationProvider.CreateFromFile(beside);

        var name = Path.GetFileNameWithoutExtension(assemblyFile);
        string[] names = name switch
        {
            "System.Private.CoreLib" or "System.Private.Uri" => OfCore,
            "System.Private.Xml" or "System.Private.Xml.Linq" => OfXml,
            _ => [name],
        };
        string[] files = [.. names.Select(Files.GetValueOrDefault).OfType<string>()];
        return files.Length > 0 ? new PlatformDocumentation(name, files) : null;
    }

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is PlatformDocumentation other && other._name == _name;

    /// <inheritdoc/>
    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(_name);

    /// <inheritdoc/>
    protected override string? GetDocumentationForSymbol(
        string documentationMemberID, CultureInfo preferredCulture, CancellationToken cancellationToken = default) =>
        _files
            .Select(file => Members.GetOrAdd(file, Read).GetValueOrDefault(documentationMemberID))
            .FirstOrDefault(documentation => documentation is not null);

    private static Dictionary<string, string> Read(string file)
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

    private static Dictionary<string, string> Find()
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
            .ToDictionary(file => Path.GetFileNameWithoutExtension(file.Name), file => file.FullName, StringComparer.OrdinalIgnoreCase);
    }
}
