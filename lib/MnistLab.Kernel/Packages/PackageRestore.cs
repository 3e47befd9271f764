using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using MnistLab.Hosting;

namespace MnistLab.Kernel.Packages;

/// <summary>
/// Restores packages by running <c>dotnet restore</c> on a temporary project. Feeds, credentials, caches, and rules
/// come from the NuGet configuration of the machine, the user, and any <c>nuget.config</c> in the folder of the
/// notebook or its parents.
/// </summary>
internal static partial class PackageRestore
{
    private const string ProjectName = "packages.csproj";

    /// <summary>Restores packages.</summary>
    /// <param name="notebookFolder">The folder of the notebook.</param>
    /// <param name="packages">The versions of the packages by name, in NuGet's notation; null for the latest.</param>
    /// <param name="feeds">
    /// The feeds to use in addition to the configured ones, as URLs or full paths of folders.
    /// </param>
    /// <param name="cancellationToken">A token that cancels the restore.</param>
    /// <exception cref="PackageException">
    /// A package is missing, or the packages are incompatible; the message is NuGet's.
    /// </exception>
    /// <exception cref="ScratchFolderException">The temporary folder cannot be used.</exception>
    public static async Task<RestoredPackages> RunAsync(
        string notebookFolder,
        IReadOnlyDictionary<string, string?> packages,
        IReadOnlyCollection<string> feeds,
        CancellationToken cancellationToken)
    {
        using var scratch = ScratchFolder.Create("mnistlab-packages-");
        return await scratch.UseAsync(async folder =>
        {
            await File.WriteAllTextAsync(
                Path.Combine(folder, ProjectName),
                Project(notebookFolder, packages, feeds).ToString(),
                cancellationToken);
            var (exitCode, output) = await ToolProcess.RestoreAsync(ProjectName, folder, cancellationToken);
            return exitCode == 0
                ? RestoredPackages.Read(Path.Combine(folder, "obj", "project.assets.json"))
                : throw new PackageException(Problem(output));
        });
    }

    private static XElement Project(
        string notebookFolder, IReadOnlyDictionary<string, string?> packages, IReadOnlyCollection<string> feeds) => new(
        "Project",
        new XAttribute("Sdk", "Microsoft.NET.Sdk"),
        new XElement(
            "PropertyGroup",
            new XElement("TargetFramework", $"net{Environment.Version.Major}.{Environment.Version.Minor}"),
            new XElement("RuntimeIdentifier", RuntimeInformation.RuntimeIdentifier),
            new XElement("SelfContained", false),
            new XElement("UseAppHost", false),
            new XElement("NuGetAudit", false),
            new XElement("RestoreRootConfigDirectory", notebookFolder),
            new XElement("RestoreAdditionalProjectSources", string.Join(';', feeds))),
        new XElement("ItemGroup", packages.Select(package => new XElement(
            "PackageReference",
            new XAttribute("Include", package.Key),
            new XAttribute("Version", package.Value ?? "*")))));

    // /tmp/…/packages.csproj : error NU1101: Unable to find package … [/tmp/…/packages.csproj]
    private static string Problem(string output)
    {
        string[] problems = [.. Error.Matches(output).Select(match => match.Groups["problem"].Value.Trim()).Distinct()];
        return problems.Length > 0 ? string.Join('\n', problems) : output.Trim();
    }

    [GeneratedRegex(@"^.*?: error (?<problem>(NU|MSB|NETSDK)?\d*:? ?.*?)(\s\[[^\]]*\])?\s*$", RegexOptions.Multiline)]
    private static partial Regex Error { get; }
}
