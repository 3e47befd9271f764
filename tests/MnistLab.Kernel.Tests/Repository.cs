namespace MnistLab.Kernel.Tests;

/// <summary>The folder that holds the solution: its notebooks, and the library that they refer to.</summary>
internal static class Repository
{
    public static string Folder { get; } = Find();

    private static string Find()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "MnistLab.slnx"))) folder = folder.Parent;
        return folder!.FullName;
    }
}
