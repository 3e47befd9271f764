using System.Diagnostics;
using System.Runtime.InteropServices;

namespace MnistLab.Kernel.Running;

/// <summary>
/// Manages the process group of a notebook: its process and those that its cells started, such as a training job. A
/// service that a cell deployed is in a separate group, and outlives the notebook.
/// </summary>
/// <remarks>
/// Windows has no such groups, and killing the process tree would end the services as well, so only the process of the
/// notebook is killed there.
/// </remarks>
internal static class NotebookProcessGroup
{
    private const int Killed = 9; // SIGKILL

    /// <summary>Makes this process the leader of a new group, to which its child processes will belong.</summary>
    public static void Lead()
    {
        // On failure, the process stays in the group of its parent, and is later killed without its child processes.
        if (!OperatingSystem.IsWindows()) _ = Native.SetProcessGroup(0, 0);
    }

    /// <summary>Kills a notebook's process and its group.</summary>
    public static void Kill(Process leader)
    {
        // Fails if the process has not created its group yet, in which case it has no child processes.
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
