using Xunit;

namespace MnistLab.Testing;

/// <summary>Locates programs that some tests need and that not every machine has.</summary>
public static class InstalledProgram
{
    /// <summary>
    /// Returns the path of a program. If it is missing, the test is skipped, visibly; with <c>CI=true</c>, it fails.
    /// </summary>
    public static string Require(string name)
    {
        var path = Find(name);
        if (path is null) Missing(name);
        return path!;
    }

    /// <summary>
    /// Checks that a folder from a system package exists. If it is missing, the test is skipped, visibly; with
    /// <c>CI=true</c>, it fails.
    /// </summary>
    public static void RequireFolder(string folder, string package)
    {
        if (!Directory.Exists(folder)) Missing($"{package} ({folder})");
    }

    /// <summary>Returns the path of a program, or null if it is missing.</summary>
    public static string? Find(string name) => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Select(folder => Path.Combine(folder, name))
        .FirstOrDefault(File.Exists);

    private static void Missing(string name)
    {
        if (Environment.GetEnvironmentVariable("CI") == "true")
            Assert.Fail($"{name} is not installed, and CI has to have it: see .ci/run.");
        Assert.Skip($"{name} is not installed.");
    }
}
