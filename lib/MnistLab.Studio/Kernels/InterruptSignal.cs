using System.Runtime.InteropServices;

namespace MnistLab.Studio.Kernels;

/// <summary>The signal that Ctrl+C sends.</summary>
internal static partial class InterruptSignal
{
    private const int Interrupt = 2;

    /// <summary>Sends it to a process.</summary>
    public static int Send(int process) => Kill(process, Interrupt);

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int process, int signal);
}
