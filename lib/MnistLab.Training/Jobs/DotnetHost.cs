using System.Runtime.InteropServices;

namespace MnistLab.Training;

/// <summary>
/// The <c>dotnet</c> program that this process' runtime belongs to, so that a child process runs on the same one,
/// whatever the PATH says.
/// </summary>
internal static class DotnetHost
{
    public static string Path { get; } = Find();

    private static string Find()
    {
        // <root>/shared/Microsoft.NETCore.App/<version>/ → <root>/dotnet
        var root = Directory.GetParent(RuntimeEnvironment.GetRuntimeDirectory().TrimEnd(System.IO.Path.DirectorySeparatorChar))?.Parent?.Parent?.FullName ?? "";
        var program = System.IO.Path.Combine(root, OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet");
        return File.Exists(program) ? program : "dotnet";
    }
}
