using System.Collections.Concurrent;
using System.Runtime;

namespace MnistLab.Kernel.Scripting;

/// <summary>
/// Represents the thread that runs the cells of a session, one at a time, so that thread-bound state
/// (<c>[ThreadStatic]</c> fields, the state of native libraries) persists from cell to cell. A thread whose cell was
/// stopped is not reused, because the runtime can stop a busy loop reliably only once per thread.
/// </summary>
internal sealed class CellThread : IDisposable
{
    private const int StackBytes = 16 << 20;
    private static readonly TimeSpan InterruptInterval = TimeSpan.FromMilliseconds(100);

    private readonly BlockingCollection<Action> _work = [];
    private readonly Thread _thread;
    private volatile bool _wasStopped;
    private volatile Thread? _interrupter;
    private BlockedSocket? _socket;

    public CellThread()
    {
        _thread = new Thread(Work, StackBytes) { IsBackground = true, Name = "cells" };
        _thread.Start();
    }

    /// <summary>Gets a value that indicates whether the thread can run another cell.</summary>
    public bool IsUsable => !_wasStopped;

    /// <summary>
    /// Runs code on the thread, including the continuations of its awaits unless the thread is blocked.
    /// </summary>
    /// <exception cref="OperationCanceledException">
    /// The code was stopped. Its work on other threads may keep running.
    /// </exception>
    public Task<T> RunAsync<T>(Func<Task<T>> code, CancellationToken cancellationToken)
    {
        var ending = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        _work.Add(() => Run(code, ending, cancellationToken), CancellationToken.None);
        return ending.Task;
    }

    /// <summary>Ends the thread when its cell has ended.</summary>
    public void Dispose() => _work.CompleteAdding();

    private void Work()
    {
        _socket = BlockedSocket.OfThisThread();
        while (Take() is { } run)
        {
            run();
            if (_wasStopped) return;
        }
    }

    // A cell may interrupt its own thread, and the interruption then takes effect at the next wait.
    private Action? Take()
    {
        while (true)
        {
            try
            {
                return _work.TryTake(out var run, Timeout.Infinite) ? run : null;
            }
            catch (ThreadInterruptedException)
            {
                // The interruption was meant for a cell that has ended.
            }
        }
    }

    private void Run<T>(Func<Task<T>> code, TaskCompletionSource<T> ending, CancellationToken cancellationToken)
    {
        using var abort = new CancellationTokenSource();
        var ended = new ManualResetEventSlim();
        try
        {
            Task<T>? task = null;
            using (cancellationToken.UnsafeRegister(_ => Stop(abort, ended), null))
            {
#pragma warning disable SYSLIB0046 // The intended use: code of the user, in a process that can be restarted.
                ControlledExecution.Run(
                    () =>
                    {
                        var context = new CellSynchronizationContext();
                        SynchronizationContext.SetSynchronizationContext(context);
                        task = code();
                        context.RunUntilCompleted(task, abort.Token);
                    },
                    abort.Token);
#pragma warning restore SYSLIB0046
            }

            EndInterruptions(ended);
            ending.TrySetFromTask(task!);
        }
        // Neither an exception of the code nor an interruption may end the process; the caller that awaits the cell
        // receives it.
        catch (Exception error)
        {
            EndInterruptions(ended);
            if (cancellationToken.IsCancellationRequested) ending.TrySetCanceled(cancellationToken);
            else ending.TrySetException(error);
        }
    }

    // Uses dedicated threads, because an abort blocks until the thread of the cell has stopped, and a cell that fills
    // the thread pool must not be able to delay its own end.
    private void Stop(CancellationTokenSource abort, ManualResetEventSlim ended)
    {
        _wasStopped = true;
        new Thread(() => Abort(abort)) { IsBackground = true, Name = "abort the cell" }.Start();
        _interrupter = new Thread(() => Interrupt(ended)) { IsBackground = true, Name = "interrupt the cell" };
        _interrupter.Start();
    }

    // An interruption after the end of the cell takes effect at the next lock or wait of its thread. It must not do so
    // while the end is being reported, or the caller would wait forever.
    private void EndInterruptions(ManualResetEventSlim ended)
    {
        while (true)
        {
            try
            {
                ended.Set();
                if (_interrupter is not { } interrupter) return;
                interrupter.Join();
                // Consumes a pending interruption, if any. A sleep of zero would not.
                Thread.Sleep(1);
                return;
            }
            catch (ThreadInterruptedException)
            {
                // The interruption was meant for a cell that has ended.
            }
        }
    }

    private static void Abort(CancellationTokenSource abort)
    {
        try
        {
            abort.Cancel();
        }
        catch (Exception error) when (error is AggregateException or ObjectDisposedException)
        {
            // A cancellation callback of the cell threw an exception, which does not prevent the stop, or the cell has
            // just ended.
        }
    }

    // Unlike an abort, an interruption ends a sleep or a wait. Neither ends a system call that waits for a socket.
    private void Interrupt(ManualResetEventSlim ended)
    {
        while (!ended.Wait(InterruptInterval))
        {
            _thread.Interrupt();
            _socket?.Release();
        }
    }
}
