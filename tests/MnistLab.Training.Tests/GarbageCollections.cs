namespace MnistLab.Training.Tests;

/// <summary>Runs the garbage collector and the finalizers repeatedly until it is disposed.</summary>
internal sealed class GarbageCollections : IAsyncDisposable
{
    private readonly CancellationTokenSource _ended = new();
    private readonly Task _collecting;

    public GarbageCollections() => _collecting = Task.Run(() =>
    {
        while (!_ended.IsCancellationRequested)
        {
            GC.Collect(0, GCCollectionMode.Forced, blocking: true);
            GC.WaitForPendingFinalizers();
        }
    });

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        await _collecting;
        _ended.Dispose();
    }
}
