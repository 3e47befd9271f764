using MnistLab.Testing;

namespace MnistLab.Serving.Tests;

public sealed class FileLockTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void TryAcquire_WhileHeld_ReturnsNullUntilReleased()
    {
        var path = _folder["a.lock"];
        Assert.False(FileLock.IsHeld(path));
        using (FileLock.TryAcquire(path))
        {
            Assert.Null(FileLock.TryAcquire(path));
            Assert.True(FileLock.IsHeld(path));
        }

        Assert.False(FileLock.IsHeld(path));
        using var again = FileLock.TryAcquire(path);
        Assert.NotNull(again);
    }

    [Fact]
    public async Task Acquire_AFileThatCannotBeOpened_FailsInsteadOfWaiting()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Symbolic links need a privilege on Windows.");
        // A link to itself: like a read-only disk it is an input/output error other than a lock, also for root.
        var path = _folder["loop.lock"];
        File.CreateSymbolicLink(path, path);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(5));

        var error = await Assert.ThrowsAsync<IOException>(() => FileLock.AcquireAsync(path, TimeProvider.System, limit.Token));

        Assert.Contains(path, error.Message, StringComparison.Ordinal);
        Assert.Throws<IOException>(() => FileLock.TryAcquire(path));
        Assert.Throws<IOException>(() => FileLock.Acquire(path));
        Assert.Throws<IOException>(() => FileLock.IsHeld(path));
    }

    [Fact]
    public async Task Acquire_AFolderThatIsReadOnly_FailsInsteadOfWaiting()
    {
        // The kernel's own files: not even root may create one.
        Assert.SkipUnless(OperatingSystem.IsLinux() && Directory.Exists("/sys/kernel"), "Needs Linux's /sys.");
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(5));

        var error = await Assert.ThrowsAnyAsync<Exception>(() => FileLock.AcquireAsync("/sys/kernel/mnistlab.lock", TimeProvider.System, limit.Token));

        Assert.True(error is IOException or UnauthorizedAccessException, $"{error}");
    }
}
