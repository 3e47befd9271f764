using System.Runtime.InteropServices;

namespace MnistLab.Studio.Kernels;

/// <summary>Sends the signal SIGINT, as Ctrl+C does.</summary>
internal static partial class InterruptSignal
{
    private const int Interrupt = 2;

    /// <summary>Sends the signal to a process.</summary>
    public static int Send(int process) => Kill(process, Interrupt);

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int process, int signal);
}
