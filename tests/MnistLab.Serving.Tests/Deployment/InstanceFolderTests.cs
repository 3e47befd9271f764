using MnistLab.Serving.Instances;
using MnistLab.Testing;

namespace MnistLab.Serving.Tests;

public sealed class InstanceFolderTests
{
    [Fact]
    public void RequestStop_AfterTheFolderWasDeleted_LeavesItDeleted()
    {
        using var folder = new TemporaryFolder();
        var instance = new InstanceFolder(folder["deleted"]);

        // Deleting the folder already requests that the processes stop.
        instance.RequestStop();

        Assert.False(Directory.Exists(instance.Path));
    }
}
