using MnistLab.Data.Datasets;

namespace MnistLab.Data.Download;

/// <summary>Locates the folder for a user's downloads, which all workspaces share.</summary>
public static class UserCache
{
    /// <summary>The environment variable that overrides the folder.</summary>
    public const string Variable = "MNISTLAB_CACHE";

    private const string Product = "mnistlab";

    /// <summary>
    /// Returns the folder that <c>MNISTLAB_CACHE</c> names, or else <c>mnistlab</c> in the system's cache folder:
    /// <c>$XDG_CACHE_HOME</c> or <c>~/.cache</c> on Linux (XDG Base Directory Specification), <c>~/Library/Caches</c>
    /// on macOS, <c>%LOCALAPPDATA%</c> on Windows.
    /// </summary>
    /// <param name="environment">Looks up an environment variable; returns null if it is not set.</param>
    /// <exception cref="DatasetException">The user has no home folder.</exception>
    public static string Find(Func<string, string?> environment)
    {
        ArgumentNullException.ThrowIfNull(environment);
        if (environment(Variable) is { } named && !string.IsNullOrWhiteSpace(named)) return Path.GetFullPath(named);
        if (OperatingSystem.IsWindows())
            return Path.Combine(Existing(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData)), Product);
        if (OperatingSystem.IsMacOS()) return Path.Combine(Home(environment), "Library", "Caches", Product);
        // The specification says to ignore relative paths.
        return environment("XDG_CACHE_HOME") is { } cache && Path.IsPathRooted(cache)
            ? Path.Combine(cache, Product)
            : Path.Combine(Home(environment), ".cache", Product);
    }

    /// <summary>Returns the folder of one dataset in a cache.</summary>
    public static string DatasetFolder(string cacheFolder, DatasetDescription dataset)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        return Path.Combine(cacheFolder, "datasets", dataset.Name);
    }

    private static string Home(Func<string, string?> environment) =>
        Existing(environment("HOME") is { Length: > 0 } home ? home : Environment.GetFolderPath(Environment.SpecialFolder.UserProfile));

    private static string Existing(string folder) => folder.Length > 0
        ? folder
        : throw new DatasetException(
            "",
            $"This user has no home folder to save downloads in. Set the environment variable {Variable} to a folder.");
}
