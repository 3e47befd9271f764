using System.Xml.Linq;

namespace MnistLab.Kernel.Tests;

/// <summary>Tests that the packages specified in the design are in use, and that nothing replaces them.</summary>
public sealed class DesignPackageTests
{
    private static string Library => Path.Combine(Repository.Folder, "lib");

    [Theory]
    [InlineData("AWSSDK.S3", "MnistLab.Storage", "Amazon.S3")]
    [InlineData("Microsoft.Data.Analysis", "MnistLab.Notebooks", "Microsoft.Data.Analysis")]
    [InlineData("Microsoft.DotNet.Interactive", "MnistLab.Kernel", "Microsoft.DotNet.Interactive")]
    [InlineData("Plotly.NET.Interactive", "MnistLab.Notebooks", "Plotly.NET.Interactive")]
    [InlineData("TorchSharp-cpu", "MnistLab.Training", "TorchSharp")]
    public void Package_OfTheDesign_IsReferencedAndUsed(string package, string project, string usedNamespace)
    {
        var references = XDocument.Load(Path.Combine(Library, project, $"{project}.csproj")).Descendants("PackageReference");
        Assert.Contains(package, references.Select(reference => (string?)reference.Attribute("Include")));
        Assert.Contains(
            SourcesOf(project),
            file => File.ReadLines(file).Any(line => line.StartsWith($"using {usedNamespace}", StringComparison.Ordinal)));
    }

    [Fact]
    public void Library_DeclaresNothingInTheNamespacesOfItsPackages() => Assert.DoesNotContain(
        SourcesOf(""),
        file => File.ReadLines(file).Any(line => line.StartsWith("namespace Microsoft.", StringComparison.Ordinal)
            || line.StartsWith("namespace Plotly.", StringComparison.Ordinal)));

    private static IEnumerable<string> SourcesOf(string project) =>
        Directory.EnumerateFiles(Path.Combine(Library, project), "*.cs", SearchOption.AllDirectories);
}
