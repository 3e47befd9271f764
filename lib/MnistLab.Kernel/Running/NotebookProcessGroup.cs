using System.Diagnostics;
using System.Runtime.InteropServices;

namespace MnistLab.Kernel;

/// <summary>
/// The process of a notebook together with those that its cells started, such as a training job. A service that a cell deployed has left the group for one of
/// its own, and outlives it.
/// </summary>
/// <remarks>Windows has no such groups, and its process tree would take the services along: only the notebook's own process is ended there.</remarks>
internal static class NotebookProcessGroup
{
    private const int Killed = 9; // SIGKILL

    /// <summary>Makes this process the leader of a group of its own, to which the processes that it starts will belong.</summary>
    public static void Lead()
    {
        // If it fails the group is the parent's, and then the process is killed without those it started.
        if (!OperatingSystem.IsWindows()) _ = Native.SetProcessGroup(0, 0);
    }

    /// <summary>Kills a notebook's process and its group.</summary>
    public static void Kill(Process leader)
    {
        // There is no such group while the process has not become its leader; it has started nothing then.
        if (!OperatingSystem.IsWindows()) _ = Native.Signal(-leader.Id, Killed);
        leader.Kill();
    }

    /// <summary>Kills this process and the group that it leads.</summary>
    public static void KillOwn()
    {
        if (!OperatingSystem.IsWindows()) _ = Native.Signal(-Environment.ProcessId, Killed);
        using var self = Process.GetCurrentProcess();
        self.Kill();
    }

    private static class Native
    {
        [DllImport("libc", EntryPoint = "setpgid")]
        public static extern int SetProcessGroup(int process, int group);

        [DllImport("libc", EntryPoint = "kill")]
        public static extern int Signal(int process, int signal);
    }
}
