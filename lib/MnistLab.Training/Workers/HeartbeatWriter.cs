using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace MnistLab.Training.Workers;

/// <summary>
/// Writes the heartbeat of a worker, and kills the worker if its launcher is gone, so that no orphaned worker keeps
/// running.
/// </summary>
internal sealed partial class HeartbeatWriter
{
    /// <summary>The time between two heartbeats.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly string _path;
    private readonly (int Parent, int Grandparent) _ancestors = FindAncestors();
    private Heartbeat _last = new(Environment.ProcessId, Environment.MachineName, 0);

    /// <summary>Starts writing heartbeats until the process ends.</summary>
    /// <param name="path">The heartbeat file.</param>
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
            if (FindAncestors() != _ancestors) Process.GetCurrentProcess().Kill();
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
            WaitingSeconds = (group is null ? WorkerGroup.Joining : group.Waiting)?.TotalSeconds,
        };
        try
        {
            _last.Write(_path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Retried with the next heartbeat. The job fails if none is written for longer than its worker timeout.
        }
    }

    // The parent is the shell that records the exit code; its parent is MPI's process manager, which ends its child
    // processes unless it is killed itself. If it is killed, its child processes get another parent.
    private static (int Parent, int Grandparent) FindAncestors()
    {
        // The process manager on Windows always ends its child processes.
        if (OperatingSystem.IsWindows()) return (0, 0);
        var parent = GetParentId();
        return (parent, OperatingSystem.IsLinux() ? ParentOf(parent) : 0);
    }

    // See man 5 proc. The process name, in parentheses, may itself contain spaces and parentheses.
    private static int ParentOf(int id)
    {
        try
        {
            var stat = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{id}/stat"));
            return int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1], CultureInfo.InvariantCulture);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The process has just ended; the next check finds another parent.
            return 0;
        }
    }

    [LibraryImport("libc", EntryPoint = "getppid")]
    private static partial int GetParentId();
}
