using MnistLab.Studio.Security;
using MnistLab.Testing;

namespace MnistLab.Studio.Tests.Security;

public sealed class WorkspaceFilesTests
{
    [Theory]
    [InlineData("../secret")]
    [InlineData("notebooks/../../secret")]
    [InlineData("/etc/passwd")]
    [InlineData("notebooks/\0")]
    [InlineData("link/secret")]
    [InlineData("link")]
    [InlineData("file-link")]
    [InlineData("notebooks/deep/secret")]
    public void Locate_OutsideTheWorkspace_Throws(string path)
    {
        using var folder = new TemporaryFolder();
        var files = Prepare(folder);

        Assert.Throws<StudioException>(() => files.Locate(path));
    }

    [Theory]
    [InlineData("notebooks/1.ipynb")]
    [InlineData("notebooks/new/2.ipynb")]
    [InlineData("notebooks/../notebooks/1.ipynb")]
    [InlineData("inner/1.ipynb")]
    public void Locate_InsideTheWorkspace_ReturnsThePath(string path)
    {
        using var folder = new TemporaryFolder();

        Assert.StartsWith(folder["workspace"], Prepare(folder).Locate(path), StringComparison.Ordinal);
    }

    private static WorkspaceFiles Prepare(TemporaryFolder folder)
    {
        var notebooks = Directory.CreateDirectory(folder["workspace/notebooks"]).FullName;
        Directory.CreateDirectory(folder["outside"]);
        File.WriteAllText(folder["outside/secret"], "");
        Directory.CreateSymbolicLink(folder["workspace/link"], folder["outside"]);
        Directory.CreateSymbolicLink(Path.Combine(notebooks, "deep"), folder["outside"]);
        Directory.CreateSymbolicLink(folder["workspace/inner"], notebooks);
        File.CreateSymbolicLink(folder["workspace/file-link"], folder["outside/secret"]);
        return new WorkspaceFiles(new StudioOptions { Workspace = folder["workspace"] });
    }
}
