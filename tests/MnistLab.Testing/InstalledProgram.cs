using Xunit;

namespace MnistLab.Testing;

/// <summary>Programs that some tests need and that not every machine has.</summary>
public static class InstalledProgram
{
    /// <summary>The program's path. Where it is missing the test is skipped, visibly; with <c>CI=true</c> it fails.</summary>
    public static string Require(string name)
    {
        var path = Find(name);
        if (path is not null) return path;
        if (Environment.GetEnvironmentVariable("CI") == "true") Assert.Fail($"{name} is not installed, and CI has to have it: see .ci/run.");
        Assert.Skip($"{name} is not installed.");
        return "";
    }

    /// <summary>The program's path, or null where it is missing.</summary>
    public static string? Find(string name) => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Select(folder => Path.Combine(folder, name))
        .FirstOrDefault(File.Exists);
}
