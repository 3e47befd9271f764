using System.Text.Json.Nodes;

namespace MnistLab.Training;

/// <summary>Reads, from a program's <c>.deps.json</c>, the packages that it was built with.</summary>
internal static class PackageVersions
{
    private const string Extension = ".deps.json";

    private static readonly Lazy<IReadOnlyDictionary<string, string>> Found = new(Find);

    /// <summary>
    /// Gets the version of each package, by name. If the host, such as a notebook, does not list TorchSharp, these are
    /// the packages of this library.
    /// </summary>
    public static IReadOnlyDictionary<string, string> OfProgram => Found.Value;

    private static IReadOnlyDictionary<string, string> Find()
    {
        var location = typeof(PackageVersions).Assembly.Location;
        IEnumerable<string> own = location.Length > 0
            ? Directory.EnumerateFiles(Path.GetDirectoryName(location)!, $"*{Extension}").Order(StringComparer.Ordinal)
            : [];
        // Separated by semicolons on every platform.
        var program = (AppContext.GetData("APP_CONTEXT_DEPS_FILES") as string ?? "")
            .Split(';', StringSplitOptions.RemoveEmptyEntries);
        return program.Where(file => file.EndsWith(Extension, StringComparison.Ordinal)).Concat(own).Select(Read)
            // Skips the .deps.json files of the shared framework and of the notebook's host.
            .FirstOrDefault(packages => packages.ContainsKey("TorchSharp")) ?? new SortedDictionary<string, string>();
    }

    private static SortedDictionary<string, string> Read(string file)
    {
        var packages = new SortedDictionary<string, string>(StringComparer.Ordinal);
        if (!File.Exists(file)) return packages;
        if (JsonNode.Parse(File.ReadAllText(file))?["libraries"] is not JsonObject libraries) return packages;
        foreach (var (library, description) in libraries)
        {
            if ((string?)description?["type"] == "package" && library.Split('/') is [var name, var version])
                packages[name] = version;
        }

        return packages;
    }
}
