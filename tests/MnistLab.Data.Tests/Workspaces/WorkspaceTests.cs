using MnistLab.Data.Workspaces;
using MnistLab.Testing;

namespace MnistLab.Data.Tests;

public sealed class WorkspaceTests
{
    [Fact]
    public void Find_FromAFolderBelow_FindsTheRoot()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["MnistLab.slnx"], "");
        var below = Directory.CreateDirectory(folder[Path.Combine("notebooks", "codes")]).FullName;

        Assert.Equal(folder.Path, Workspace.Find(below).Root);
    }

    [Fact]
    public void Find_Elsewhere_FindsThatOfTheRunningProgram()
    {
        using var folder = new TemporaryFolder();

        Assert.True(File.Exists(Path.Combine(Workspace.Find(folder.Path).Root, "README.md")));
    }
}
