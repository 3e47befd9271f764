using System.Runtime.InteropServices;

namespace MnistLab.Hosting;

/// <summary>
/// Finds the <c>dotnet</c> host of this process's runtime, so that child processes run on the same runtime regardless
/// of <c>PATH</c>.
/// </summary>
public static class DotnetHost
{
    private static readonly string Name = OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet";

    /// <summary>
    /// Gets the path of the host, or only its name, to be found through <c>PATH</c>, if the path cannot be determined.
    /// </summary>
    public static string Path { get; } = Find();

    private static string Find()
    {
        // <root>/shared/Microsoft.NETCore.App/<version>/ → <root>/dotnet
        var runtime = new DirectoryInfo(RuntimeEnvironment.GetRuntimeDirectory());
        var root = runtime.Parent?.Parent?.Parent?.FullName ?? "";
        var program = System.IO.Path.Combine(root, Name);
        if (File.Exists(program)) return program;
        return System.IO.Path.GetFileName(Environment.ProcessPath) == Name ? Environment.ProcessPath! : Name;
    }
}
