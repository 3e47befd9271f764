using System.Diagnostics;
using System.Runtime.InteropServices;

namespace MnistLab.Training.Workers;

/// <summary>
/// Writes the heartbeat of a worker, and ends the worker if what launched it is gone: nobody would end it otherwise.
/// </summary>
internal sealed partial class HeartbeatWriter
{
    /// <summary>The time between two beats.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly string _path;
    private readonly int _parent = ParentId();
    private Heartbeat _last = new(Environment.ProcessId, Environment.MachineName, 0);

    /// <summary>Begins to write a heartbeat, which ends with the process.</summary>
    /// <param name="path">The file.</param>
    public HeartbeatWriter(string path)
    {
        _path = path;
        Write();
        new Thread(Beat) { IsBackground = true, Name = "heartbeat" }.Start();
    }

    private void Beat()
    {
        while (true)
        {
            Thread.Sleep(Interval);
            if (ParentId() != _parent) Process.GetCurrentProcess().Kill();
            Write();
        }
    }

    private void Write()
    {
        var group = WorkerGroup.Find();
        _last = _last with
        {
            Beat = _last.Beat + 1,
            Step = group?.Step ?? 0,
            Exchanges = group?.Exchanges ?? 0,
            WaitingSeconds = group?.Waiting?.TotalSeconds,
        };
        try
        {
            _last.Write(_path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The next beat tries again. The job fails if no beat arrives for long.
        }
    }

    // The process manager of Windows ends what it started itself.
    private static int ParentId() => OperatingSystem.IsWindows() ? 0 : GetParentId();

    [LibraryImport("libc", EntryPoint = "getppid")]
    private static partial int GetParentId();
}
