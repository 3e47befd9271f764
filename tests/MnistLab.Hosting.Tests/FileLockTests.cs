using MnistLab.Testing;

namespace MnistLab.Hosting.Tests;

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
        // A link to itself: like a read-only disk, it causes an input/output error that is not a lock conflict, even
        // for root.
        var path = _folder["loop.lock"];
        File.CreateSymbolicLink(path, path);
        using var limit = new CancellationTokenSource(Patience.Limit);

        var error = await Assert.ThrowsAsync<IOException>(() => AcquireAsync(path, limit.Token));

        Assert.Contains(path, error.Message, StringComparison.Ordinal);
        Assert.Throws<IOException>(() => FileLock.TryAcquire(path));
        Assert.Throws<IOException>(() => FileLock.Acquire(path, Patience.Limit));
        Assert.Throws<IOException>(() => FileLock.IsHeld(path));
    }

    [Fact]
    public async Task Acquire_AFolderThatIsReadOnly_FailsInsteadOfWaiting()
    {
        // The kernel's own files: not even root may create one.
        Assert.SkipUnless(OperatingSystem.IsLinux() && Directory.Exists("/sys/kernel"), "Needs Linux's /sys.");
        using var limit = new CancellationTokenSource(Patience.Limit);

        var error = await Assert.ThrowsAnyAsync<Exception>(
            () => AcquireAsync("/sys/kernel/mnistlab.lock", limit.Token));

        Assert.True(error is IOException or UnauthorizedAccessException, $"{error}");
    }

    [Fact]
    public async Task Acquire_WhileHeld_WaitsUntilItIsReleasedCancelledOrTimedOut()
    {
        var path = _folder["a.lock"];
        using var cancel = new CancellationTokenSource();
        Task<FileLock> cancelled, waiting;
        using (FileLock.TryAcquire(path))
        {
            cancelled = AcquireAsync(path, cancel.Token);
            waiting = AcquireAsync(path, TestContext.Current.CancellationToken);
            var error = Assert.Throws<IOException>(() => FileLock.Acquire(path, TimeSpan.FromMilliseconds(1_200)));
            Assert.Contains($"the lock {path} for 1.2 s", error.Message, StringComparison.Ordinal);
            var immediately = FileLock.AcquireAsync(path, TimeProvider.System, TimeSpan.Zero, cancel.Token);
            await Assert.ThrowsAsync<IOException>(() => immediately);
            Assert.Null(await FileLock.TryAcquireAsync(path, TimeProvider.System, TimeSpan.Zero, cancel.Token));
            Assert.False(cancelled.IsCompleted || waiting.IsCompleted);
            await cancel.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
        }

        using var acquired = await waiting;
        Assert.True(FileLock.IsHeld(path));
    }

    private static Task<FileLock> AcquireAsync(string path, CancellationToken cancellationToken) =>
        FileLock.AcquireAsync(path, TimeProvider.System, cancellationToken);
}
