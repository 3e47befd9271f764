using System.Diagnostics;
using System.Globalization;

namespace MnistLab.Kernel;

/// <summary>The process that started the kernel, which Jupyter names in the environment. A kernel that outlives it is in nobody's sight.</summary>
internal static class ParentProcess
{
    private const string Variable = "JPY_PARENT_PID";
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>Returns when the parent has ended; never, if there is none that is known.</summary>
    public static async Task WaitForEndAsync(TimeProvider time, CancellationToken cancellationToken)
    {
        if (!int.TryParse(Environment.GetEnvironmentVariable(Variable), NumberStyles.None, CultureInfo.InvariantCulture, out var id) || id <= 1)
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
            return;
        }

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
}
