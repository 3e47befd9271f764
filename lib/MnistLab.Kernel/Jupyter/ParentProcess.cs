using System.Diagnostics;
using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace MnistLab.Kernel;

/// <summary>
/// The process that started the kernel, which Jupyter names in the environment: by its id, on Windows by an inherited
/// handle of it.
/// A kernel that outlives it is in nobody's sight.
/// </summary>
internal sealed class ParentProcess(string? name, bool isHandle, TimeProvider time)
{
    private const string Variable = "JPY_PARENT_PID";
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>Gets or sets how a wait handle is made of a process handle.</summary>
    public Func<nint, WaitHandle> Open { get; init; } = OpenHandle;

    /// <summary>Returns the parent that the environment names.</summary>
    public static ParentProcess OfEnvironment(TimeProvider time) =>
        new(Environment.GetEnvironmentVariable(Variable), OperatingSystem.IsWindows(), time);

    /// <summary>Returns when the parent has ended; never, if none is known.</summary>
    public Task WaitForEndAsync(CancellationToken cancellationToken)
    {
        // Neither a process nor a handle that is known has the number 0; process 1 adopts those whose parent has
        // ended.
        _ = long.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var number);
        if (isHandle && number > 0) return WaitForHandleAsync((nint)number, cancellationToken);
        if (!isHandle && number is > 1 and <= int.MaxValue) return WaitForProcessAsync((int)number, cancellationToken);
        return Task.Delay(Timeout.Infinite, cancellationToken);
    }

    // https://jupyter-client.readthedocs.io: a process handle is signaled when its process has ended.
    private async Task WaitForHandleAsync(nint number, CancellationToken cancellationToken)
    {
        using var handle = Open(number);
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var registration = ThreadPool.RegisterWaitForSingleObject(
            handle, (_, _) => ended.TrySetResult(), null, Timeout.Infinite, executeOnlyOnce: true);
        try
        {
            await ended.Task.WaitAsync(cancellationToken);
        }
        finally
        {
            registration.Unregister(null);
        }
    }

    private async Task WaitForProcessAsync(int id, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (Lives(id)) await timer.WaitForNextTickAsync(cancellationToken);
    }

    private static bool Lives(int id)
    {
        try
        {
            using var parent = Process.GetProcessById(id);
            return !parent.HasExited;
        }
        catch (Exception error) when (error is ArgumentException or InvalidOperationException)
        {
            return false;
        }
    }

    private static ManualResetEvent OpenHandle(nint number) =>
        new(false) { SafeWaitHandle = new SafeWaitHandle(number, ownsHandle: true) };
}
