using MnistLab.Kernel.Cells;

namespace MnistLab.Kernel.Scripting;

/// <summary>
/// Runs the continuation of a top-level <c>await</c> on the thread of the cell while that thread waits for it, so that
/// it can be stopped there. When the cell blocks its thread (<c>task.Result</c>), continuations run on the thread pool
/// instead, which avoids a deadlock.
/// </summary>
internal sealed class CellSynchronizationContext : SynchronizationContext
{
    private readonly object _lock = new();
    private (SendOrPostCallback Callback, object? State)? _next;
    private bool _waiting;

    public override void Post(SendOrPostCallback d, object? state)
    {
        lock (_lock)
        {
            if (_waiting)
            {
                (_waiting, _next) = (false, (d, state));
                Monitor.PulseAll(_lock);
                return;
            }
        }

        ThreadPool.QueueUserWorkItem(_ => d(state));
    }

    public override void Send(SendOrPostCallback d, object? state) => d(state);

    public override SynchronizationContext CreateCopy() => this;

    /// <summary>
    /// Runs posted callbacks on the calling thread until the task has completed. Does not throw the exception of the
    /// task.
    /// </summary>
    public void RunUntilCompleted(Task task, CancellationToken cancellationToken)
    {
        _ = task.ContinueWith(_ => Wake(), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        using var registration = cancellationToken.UnsafeRegister(_ => Wake(), null);
        while (TakeNext(task, cancellationToken) is var (callback, state)) Run(callback, state);
    }

    // The code of the cell itself does not throw here. An exception comes from an async void method that failed, and
    // must not end the cell.
    private static void Run(SendOrPostCallback callback, object? state)
    {
        try
        {
            callback(state);
        }
        catch (Exception error) when (!UnhandledExceptionFilter.IsOfAStop(error) && CellScope.LastOfThread is { } scope)
        {
            UnhandledExceptionFilter.Report(error, scope);
        }
    }

    private (SendOrPostCallback Callback, object? State)? TakeNext(Task task, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            _waiting = _next is null;
            while (_next is null && !task.IsCompleted && !cancellationToken.IsCancellationRequested) Monitor.Wait(_lock);
            _waiting = false;
            cancellationToken.ThrowIfCancellationRequested();
            var next = _next;
            _next = null;
            return next;
        }
    }

    private void Wake()
    {
        lock (_lock) Monitor.PulseAll(_lock);
    }
}
