using System.Runtime;

namespace MnistLab.Kernel;

/// <summary>
/// The thread of one cell. Each cell gets a fresh one: the runtime stops a busy loop on a fresh thread every time, and on a thread that was stopped before it may not.
/// </summary>
internal sealed class CellThread
{
    private const int StackBytes = 16 << 20;
    private static readonly TimeSpan InterruptInterval = TimeSpan.FromMilliseconds(100);

    private readonly CancellationTokenSource _abort = new();
    private readonly ManualResetEventSlim _ended = new();
    private readonly Thread _thread;

    private CellThread(ThreadStart run) => _thread = new Thread(run, StackBytes) { IsBackground = true, Name = "cell" };

    /// <summary>Runs code on a thread of its own, and what follows its awaits too, as long as the thread is free for it.</summary>
    /// <exception cref="OperationCanceledException">The code was stopped. Work that it had handed to other threads may go on.</exception>
    public static Task<T> RunAsync<T>(Func<Task<T>> code, CancellationToken cancellationToken)
    {
        var ending = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        CellThread? cell = null;
        cell = new(() => cell!.Run(code, ending, cancellationToken));
        cell._thread.Start();
        return ending.Task;
    }

    private void Run<T>(Func<Task<T>> code, TaskCompletionSource<T> ending, CancellationToken cancellationToken)
    {
        try
        {
            Task<T>? task = null;
            using (cancellationToken.UnsafeRegister(_ => Stop(), null))
            {
#pragma warning disable SYSLIB0046 // Made for exactly this: code of someone else's, in a process that can be started again.
                ControlledExecution.Run(
                    () =>
                    {
                        var context = new CellSynchronizationContext();
                        SynchronizationContext.SetSynchronizationContext(context);
                        task = code();
                        context.RunUntilCompleted(task, _abort.Token);
                    },
                    _abort.Token);
#pragma warning restore SYSLIB0046
            }

            _ended.Set();
            ending.TrySetFromTask(task!);
        }
        // Neither the code's own exceptions nor an interruption may end the process: whoever waits for the cell gets them.
        catch (Exception error)
        {
            _ended.Set();
            if (cancellationToken.IsCancellationRequested) ending.TrySetCanceled(cancellationToken);
            else ending.TrySetException(error);
        }
    }

    // On threads of their own: to abort blocks until the cell's thread gives in, and a cell that fills the thread pool must not be able to put off its own end.
    private void Stop()
    {
        new Thread(Abort) { IsBackground = true, Name = "abort the cell" }.Start();
        new Thread(Interrupt) { IsBackground = true, Name = "interrupt the cell" }.Start();
    }

    private void Abort()
    {
        try
        {
            _abort.Cancel();
        }
        catch (AggregateException)
        {
            // A callback of the cell's own threw; the cell is stopping all the same.
        }
    }

    // An abort does not end a sleep or a wait; an interruption does.
    private void Interrupt()
    {
        while (!_ended.Wait(InterruptInterval)) _thread.Interrupt();
    }
}
