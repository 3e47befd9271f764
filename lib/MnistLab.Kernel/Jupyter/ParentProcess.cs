using System.Diagnostics;
using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace MnistLab.Kernel.Jupyter;

/// <summary>
/// Represents the process that started the kernel. Jupyter passes its ID, or on Windows an inherited handle, in an
/// environment variable. The kernel ends with this process, because it would otherwise keep running unnoticed.
/// </summary>
internal sealed class ParentProcess(string? name, bool isHandle, TimeProvider time)
{
    private const string Variable = "JPY_PARENT_PID";
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>Gets the function that creates a wait handle from a process handle.</summary>
    public Func<nint, WaitHandle> Open { get; init; } = OpenHandle;

    /// <summary>Returns the parent process that the environment variable specifies.</summary>
    public static ParentProcess OfEnvironment(TimeProvider time) =>
        new(Environment.GetEnvironmentVariable(Variable), OperatingSystem.IsWindows(), time);

    /// <summary>Waits until the parent process has ended, or indefinitely if it is unknown.</summary>
    public Task WaitForEndAsync(CancellationToken cancellationToken)
    {
        // 0 is not a valid process ID or handle. On Unix, process 1 adopts processes whose parent has ended.
        _ = long.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var number);
        if (isHandle && number > 0) return WaitForHandleAsync((nint)number, cancellationToken);
        if (!isHandle && number is > 1 and <= int.MaxValue) return WaitForProcessAsync((int)number, cancellationToken);
        return Task.Delay(Timeout.Infinite, cancellationToken);
    }

    // A process handle is signaled when its process ends: https://jupyter-client.readthedocs.io.
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
