using System.Diagnostics;
using MnistLab.Models.Registry;
using MnistLab.Storage;
using MnistLab.Storage.Folders;
using MnistLab.Testing;

namespace MnistLab.Serving.Tests;

public sealed class FullDiskTests(TrainedModel trained)
{
    private readonly ObjectUrl _root = ObjectUrl.Parse($"s3://bucket/models-{Guid.NewGuid():N}/");

    [Fact]
    public async Task Import_WithRoomForLessThanAll_LeavesNothingButTheRecordOfTheFailure()
    {
        var whole = new FullStore(trained.Store, long.MaxValue);
        await new ModelRegistry(whole, _root).ImportAsync("whole", trained.Output);
        var registry = new ModelRegistry(trained.Store, _root);

        const int Places = 6;
        for (var i = 0; i < Places; i++)
        {
            var name = $"digits-{i}";
            var full = new FullStore(trained.Store, whole.Needed * i / Places);
            await Assert.ThrowsAsync<ObjectStoreException>(() => new ModelRegistry(full, _root).ImportAsync(name, trained.Output));

            var left = await trained.Store.ListAsync(_root / $"{name}/").Select(item => item.Url.Name).ToListAsync();
            var models = await registry.ListAsync(name);
            Assert.All(left, file => Assert.Equal("model.json", file));
            Assert.Equal(left.Count, models.Count);
            Assert.All(models, model => Assert.Equal(ModelStatus.Failed, model.Status));
            Assert.Null(await registry.GetAsync(name));
            Assert.Equal(ModelStatus.Published, (await registry.ImportAsync(name, trained.Output)).Status);
        }
    }

    [Fact]
    public async Task Import_OntoADiskThatIsReallyFull_LeavesNothingButTheRecordOfTheFailure()
    {
        using var folder = new TemporaryFolder();
        Assert.SkipUnless(OperatingSystem.IsLinux() && await RunAsync(
            "mount",
            "-t",
            "tmpfs",
            "-o",
            "size=1m",
            "tmpfs",
            folder.Path) == 0, "A small file system can be mounted by root on Linux alone.");
        try
        {
            var store = new FolderObjectStore(folder["obs"]);
            await store.CreateBucketAsync("bucket");
            await foreach (var item in trained.Store.ListAsync(trained.Output))
            {
                await using var content = await trained.Store.GetAsync(item.Url);
                await store.PutAsync(item.Url, content);
            }

            // The remaining space suffices for records, and for a part of the package.
            File.WriteAllBytes(folder["filler"], new byte[new DriveInfo(folder.Path).AvailableFreeSpace - (40 << 10)]);
            var registry = new ModelRegistry(store, _root);

            var error = await Assert.ThrowsAsync<ObjectStoreException>(() => registry.ImportAsync("digits", trained.Output));

            Assert.Equal(ObjectStoreError.Unavailable, error.Error);
            Assert.Equal(ModelStatus.Failed, Assert.Single(await registry.ListAsync("digits")).Status);
            Assert.Equal(["model.json"], await store.ListAsync(_root).Select(item => item.Url.Name).ToListAsync());
            File.Delete(folder["filler"]);
            Assert.Equal("0.0.2", $"{(await registry.ImportAsync("digits", trained.Output)).Version}");
        }
        finally
        {
            Assert.Equal(0, await RunAsync("umount", folder.Path));
        }
    }

    private static async Task<int> RunAsync(string program, params string[] arguments)
    {
        if (InstalledProgram.Find(program) is not { } path) return -1;
        using var process = Process.Start(new ProcessStartInfo(path, arguments) { RedirectStandardError = true })!;
        await process.WaitForExitAsync();
        return process.ExitCode;
    }
}
