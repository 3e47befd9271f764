using System.Reflection;
using MnistLab.Data.Workspaces;

namespace MnistLab.Architecture.Tests;

/// <summary>Provides the projects of lib/ and the page that describes them.</summary>
internal static class Library
{
    public static string Folder { get; } = Path.Combine(Workspace.Find(AppContext.BaseDirectory).Root, "lib");

    public static string Readme { get; } = File.ReadAllText(Path.Combine(Folder, "README.md"));

    public static IEnumerable<string> Projects { get; } =
        [.. Directory.GetDirectories(Folder).Select(folder => Path.GetFileName(folder)!).Order(StringComparer.Ordinal)];

    public static Assembly Load(string project) =>
        Assembly.LoadFrom(Path.Combine(AppContext.BaseDirectory, (project == "MnistLab.Cli" ? "mnistlab" : project) + ".dll"));

    public static IEnumerable<string> Sources(string project) =>
        Directory.GetFiles(Path.Combine(Folder, project), "*.cs", SearchOption.AllDirectories);
}
