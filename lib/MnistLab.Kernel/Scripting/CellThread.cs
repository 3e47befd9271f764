using System.Collections.Concurrent;
using System.Runtime;

namespace MnistLab.Kernel;

/// <summary>
/// The thread that runs the cells of a session, one at a time, so that what belongs to a thread (<c>[ThreadStatic]</c>
/// fields, the state of native libraries) holds
/// from cell to cell. A thread whose cell was stopped runs no other: the runtime stops a busy loop reliably only once
/// on each thread.
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

    /// <summary>Gets whether the thread can run another cell.</summary>
    public bool IsUsable => !_wasStopped;

    /// <summary>
    /// Runs code on the thread, and what follows its awaits too, as long as the thread is free for it.
    /// </summary>
    /// <exception cref="OperationCanceledException">The code was stopped. Work that it handed to other threads may
    /// keep running.</exception>
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

    // A cell may interrupt its own thread, and the interruption strikes at the next wait.
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
                // The cell that it was meant for has ended.
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
#pragma warning disable SYSLIB0046 // Made for exactly this: code of someone else's, in a process that can be started again.
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
        // Neither the code's own exceptions nor an interruption may end the process: whoever waits for the cell gets
        // them.
        catch (Exception error)
        {
            EndInterruptions(ended);
            if (cancellationToken.IsCancellationRequested) ending.TrySetCanceled(cancellationToken);
            else ending.TrySetException(error);
        }
    }

    // On threads of their own: to abort blocks until the cell's thread gives in, and a cell that fills the thread pool
    // must not be able to put off its own end.
    private void Stop(CancellationTokenSource abort, ManualResetEventSlim ended)
    {
        _wasStopped = true;
        new Thread(() => Abort(abort)) { IsBackground = true, Name = "abort the cell" }.Start();
        _interrupter = new Thread(() => Interrupt(ended)) { IsBackground = true, Name = "interrupt the cell" };
        _interrupter.Start();
    }

    // An interruption that comes when the cell has ended strikes at the next lock or wait of its thread: it must not
    // strike where the end is reported, or whoever waits for the cell would wait for good.
    private void EndInterruptions(ManualResetEventSlim ended)
    {
        while (true)
        {
            try
            {
                ended.Set();
                if (_interrupter is not { } interrupter) return;
                interrupter.Join();
                // Takes the interruption that is pending, if there is one; zero would not.
                Thread.Sleep(1);
                return;
            }
            catch (ThreadInterruptedException)
            {
                // The cell that it was meant for has ended.
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
            // A callback of the cell's own threw, and the cell is stopping all the same; or it has ended just now.
        }
    }

    // An abort does not end a sleep or a wait; an interruption does. Neither ends a call of the system's that waits
    // for a socket.
    private void Interrupt(ManualResetEventSlim ended)
    {
        while (!ended.Wait(InterruptInterval))
        {
            _thread.Interrupt();
            _socket?.Release();
        }
    }
}
