using System.IO.Compression;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace MnistLab.Kernel.Tests;

/// <summary>
/// Represents a folder of packages beside a NuGet configuration that has no other feed, and a separate cache.
/// </summary>
internal sealed class PackageFeed
{
    private readonly string _feed;
    private readonly Dictionary<string, (string Version, byte[] Assembly)> _packages = [];

    public PackageFeed(string folder)
    {
        _feed = Directory.CreateDirectory(Path.Combine(folder, "feed")).FullName;
        File.WriteAllText(
            Path.Combine(folder, "nuget.config"),
            """
            <configuration>
              <config><add key="globalPackagesFolder" value="cache" /></config>
              <packageSources><clear /><add key="tests" value="feed" /></packageSources>
            </configuration>
            """);
    }

    /// <summary>Adds a package with an assembly of the same name.</summary>
    public void Add(
        string name,
        string version,
        string code,
        string? dependency = null,
        (string File, string Name)? nativeFile = null,
        params (string Path, byte[] Content)[] others)
    {
        var assembly = Compile(name, code, dependency is null ? [] : [(dependency, _packages[dependency].Assembly)]);
        _packages[name] = (version, assembly);
        using var package = ZipFile.Open(Path.Combine(_feed, $"{name}.{version}.nupkg"), ZipArchiveMode.Create);
        Write(package, $"{name}.nuspec", System.Text.Encoding.UTF8.GetBytes(
            $"""
            <package><metadata><id>{name}</id><version>{version}</version><authors>tests</authors><description>tests</description>
            <dependencies><group targetFramework="net8.0">{(dependency is null ? "" : $"<dependency id=\"{dependency}\" version=\"{_packages[dependency].Version}\" />")}</group></dependencies></metadata></package>
            """));
        Write(package, $"lib/net8.0/{name}.dll", assembly);
        if (nativeFile is { } native)
            Write(
                package,
                $"runtimes/{System.Runtime.InteropServices.RuntimeInformation.RuntimeIdentifier}/native/{native.Name}",
                File.ReadAllBytes(native.File));
        foreach (var (path, content) in others) Write(package, path, content);
    }

    /// <summary>Returns the assembly of a package that was added.</summary>
    public byte[] AssemblyOf(string name) => _packages[name].Assembly;

    private static void Write(ZipArchive package, string name, byte[] content)
    {
        using var entry = package.CreateEntry(name).Open();
        entry.Write(content);
    }

    /// <summary>Compiles a library against the platform, the kernel, and other libraries.</summary>
    public static byte[] Compile(string name, string code, (string Name, byte[] Assembly)[] references)
    {
        var platform = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(file => !references.Any(reference => reference.Name == Path.GetFileNameWithoutExtension(file)))
            .Select(file => MetadataReference.CreateFromFile(file));
        var compilation = CSharpCompilation.Create(
            name,
            [CSharpSyntaxTree.ParseText(code)],
            [.. platform, .. references.Select(reference => MetadataReference.CreateFromImage(reference.Assembly))],
            new(OutputKind.DynamicallyLinkedLibrary));
        using var assembly = new MemoryStream();
        var result = compilation.Emit(assembly);
        Assert.True(result.Success, string.Join('\n', result.Diagnostics));
        return assembly.ToArray();
    }
}
