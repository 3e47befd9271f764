using System.Text.Json.Nodes;

namespace MnistLab.Kernel.Packages;

/// <summary>
/// Represents the result of a restore: the files of the requested packages and their dependencies, in NuGet's own
/// folders. Nothing is copied.
/// </summary>
/// <param name="Versions">The version of each package.</param>
/// <param name="References">The assemblies to compile cells against.</param>
/// <param name="Assemblies">The assemblies to load, by simple name.</param>
/// <param name="Natives">The native libraries, by file name.</param>
/// <param name="Folders">The folders of the packages, which may contain notebook extensions.</param>
internal sealed record RestoredPackages(
    IReadOnlyDictionary<string, string> Versions,
    IReadOnlyList<string> References,
    IReadOnlyDictionary<string, string> Assemblies,
    IReadOnlyDictionary<string, string> Natives,
    IReadOnlyList<string> Folders)
{
    private const string NoFile = "_._";

    /// <summary>Reads the file that a restore creates, <c>project.assets.json</c>.</summary>
    public static RestoredPackages Read(string assetsFile)
    {
        var assets = JsonNode.Parse(File.ReadAllText(assetsFile))!;
        string[] folders = [.. assets["packageFolders"]!.AsObject().Select(folder => folder.Key)];
        // There is a target with a runtime identifier and one without; only the former, whose name is longer, contains
        // native libraries.
        var target = assets["targets"]!.AsObject().MaxBy(target => target.Key.Length).Value!.AsObject();
        var packages = target.Where(package => (string?)package.Value!["type"] == "package").ToList();
        return new(
            packages
                .Select(package => package.Key.Split('/'))
                .ToDictionary(name => name[0], name => name[1], StringComparer.OrdinalIgnoreCase),
            [.. packages.SelectMany(package => Files(package, "compile"))],
            ByName(packages.SelectMany(package => Files(package, "runtime")), file => Path.GetFileNameWithoutExtension(file)),
            ByName(packages.SelectMany(package => Files(package, "native")), file => Path.GetFileName(file)),
            [.. packages.SelectMany(package => folders
                .Select(folder => Path.Combine(
                    folder, (string?)assets["libraries"]?[package.Key]?["path"] ?? package.Key.ToLowerInvariant()))
                .Where(Directory.Exists)
                .Take(1))]);

        IEnumerable<string> Files(KeyValuePair<string, JsonNode?> package, string kind)
        {
            var path = (string?)assets["libraries"]?[package.Key]?["path"] ?? package.Key.ToLowerInvariant();
            return from root in folders.Select(folder => Path.Combine(folder, path)).Where(Directory.Exists).Take(1)
                   from file in package.Value![kind] as JsonObject ?? []
                   where Path.GetFileName(file.Key) != NoFile
                   select Path.GetFullPath(file.Key, root);
        }
    }

    private static Dictionary<string, string> ByName(IEnumerable<string> files, Func<string, string> name) =>
        files.DistinctBy(name, StringComparer.OrdinalIgnoreCase).ToDictionary(name, StringComparer.OrdinalIgnoreCase);
}
