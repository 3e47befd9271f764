namespace MnistLab.Kernel.Tests;

/// <summary>Represents the folder of the solution, with its notebooks and the library that they reference.</summary>
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
