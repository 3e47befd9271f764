using System.Text.RegularExpressions;

namespace MnistLab.Architecture.Tests;

/// <summary>Tests that the files named in the guide to the library exist.</summary>
public sealed partial class ReadmeTests
{
    [Fact]
    public void Paths_InTheReadme_Exist()
    {
        var root = Path.GetDirectoryName(Library.Folder)!;
        var missing = new List<string>();
        foreach (var line in Library.Readme.Split('\n').Where(line => line.StartsWith('|')))
        {
            // A path without a project continues the previous one.
            var project = "";
            foreach (var path in Paths().Matches(line).Select(match => match.Groups[1].Value))
            {
                if (path.StartsWith("MnistLab.", StringComparison.Ordinal)) project = path.Split('/')[0];
                string[] places = [Path.Combine(root, path),
                    Path.Combine(Library.Folder, path),
                    Path.Combine(Library.Folder, project, path)];
                if (!places.Any(Path.Exists) && !IsBelow(Path.Combine(Library.Folder, project), path)) missing.Add(path);
            }
        }

        Assert.Empty(missing);
    }

    // A file name alone refers to the folder of the previous file.
    private static bool IsBelow(string folder, string path) =>
        !path.Contains('/', StringComparison.Ordinal) && Directory.EnumerateFiles(folder, path, SearchOption.AllDirectories).Any();

    [GeneratedRegex(@"`((?:[\w.-]+/)*[\w.-]+(?:/|\.(?:cs|razor|md|json|js|html|proto))|MnistLab\.\w+)`")]
    private static partial Regex Paths();
}
