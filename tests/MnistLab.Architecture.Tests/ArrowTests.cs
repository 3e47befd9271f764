using System.Text.RegularExpressions;
using System.Xml.Linq;
using ArchUnitNET.Fluent.Slices;
using ArchUnitNET.Loader;

namespace MnistLab.Architecture.Tests;

/// <summary>
/// Tests the dependencies between projects, as lib/README.md lists them, and between namespaces, which must not be
/// circular.
/// </summary>
public sealed partial class ArrowTests
{
    /// <summary>Gets the projects of the library.</summary>
    public static TheoryData<string> Projects => [.. Library.Projects];

    [Theory, MemberData(nameof(Projects))]
    public void Project_InItsReferences_UsesWhatTheReadmeSays(string project)
    {
        var row = Assert.Single(Library.Readme.Split('\n'), line => line.StartsWith($"| `{project}` |", StringComparison.Ordinal));
        var told = Names().Matches(row.Split('|')[2]).Select(match => "MnistLab." + match.Groups[1].Value);
        var used = XDocument.Load(Path.Combine(Library.Folder, project, project + ".csproj"))
            .Descendants("ProjectReference")
            .Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value.Replace('\\', '/')));

        Assert.Equal(told.Order(StringComparer.Ordinal), used.Order(StringComparer.Ordinal));
    }

    [Theory, MemberData(nameof(Projects))]
    public void Namespaces_OfAProject_DoNotUseEachOtherInACircle(string project)
    {
        var assembly = Library.Load(project);
        var architecture = new ArchLoader().LoadAssembly(assembly).Build();
        var rule = SliceRuleDefinition.Slices().Matching(project + ".(**)").Should().BeFreeOfCycles();

        Assert.All(rule.Evaluate(architecture), result => Assert.True(result.Passed, result.Description));
    }

    [Theory, MemberData(nameof(Projects))]
    public void Type_OfAFolder_IsInTheNamespaceOfTheFolder(string project)
    {
        foreach (var file in Library.Sources(project))
        {
            var declared = Namespace().Match(File.ReadAllText(file)).Groups[1].Value;
            var folder = Path.GetRelativePath(Library.Folder, Path.GetDirectoryName(file)!).Replace(Path.DirectorySeparatorChar, '.');
            if (declared.Length > 0) Assert.True(folder == declared, $"{file} is in the namespace {declared}.");
        }
    }

    [Fact]
    public void PublicTypes_OfAllProjects_HaveDifferentNames()
    {
        // The compiler generates a type without a namespace for each program, and one for the usings of each folder of
        // pages.
        var shared = Library.Projects
            .SelectMany(project => Library.Load(project).ExportedTypes)
            .Where(type => !type.IsNested && type.Namespace is not null && !type.Name.StartsWith('_'))
            .GroupBy(type => type.Name.Split('`')[0], StringComparer.Ordinal)
            .Where(group => group.Count() > 1);

        Assert.Empty(shared.Select(group => string.Join(", ", group.Select(type => type.FullName))));
    }

    [GeneratedRegex("`([A-Za-z]+)`")]
    private static partial Regex Names();

    [GeneratedRegex(@"^namespace ([\w.]+)", RegexOptions.Multiline)]
    private static partial Regex Namespace();
}
