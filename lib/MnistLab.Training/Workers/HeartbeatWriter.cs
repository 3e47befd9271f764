using System.Diagnostics;
using System.Globalization;
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
    private readonly (int Parent, int Grandparent) _ancestors = FindAncestors();
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

    // The parent records the exit code; its own parent is the process manager, which ends what it started unless it is
    // killed itself. Another process becomes the parent then.
    private static (int Parent, int Grandparent) FindAncestors()
    {
        // The process manager of Windows ends what it started in any case.
        if (OperatingSystem.IsWindows()) return (0, 0);
        var parent = GetParentId();
        return (parent, OperatingSystem.IsLinux() ? ParentOf(parent) : 0);
    }

    // man 5 proc. The name, in parentheses, may itself contain blanks and parentheses.
    private static int ParentOf(int id)
    {
        try
        {
            var stat = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{id}/stat"));
            return int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1], CultureInfo.InvariantCulture);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // It has just ended; the next look finds another parent.
            return 0;
        }
    }

    [LibraryImport("libc", EntryPoint = "getppid")]
    private static partial int GetParentId();
}
