using System.Globalization;
using System.Runtime.InteropServices;

namespace MnistLab.Kernel.Scripting;

/// <summary>
/// Unblocks a thread that waits for a socket (to accept, receive, or send), because .NET cannot interrupt such a system
/// call. On Linux, /proc shows the system call and the file descriptor that a thread is blocked in, and shutting the
/// socket down ends the call.
/// </summary>
internal sealed class BlockedSocket
{
    private const int BothDirections = 2; // SHUT_RDWR

    private readonly string _task;

    private BlockedSocket(string task) => _task = task;

    /// <summary>
    /// Returns an instance for the calling thread; null if the system does not provide the information.
    /// </summary>
    public static BlockedSocket? OfThisThread() =>
        OperatingSystem.IsLinux() && new FileInfo("/proc/thread-self").LinkTarget is { } task
            ? new($"/proc/{task}")
            : null;

    /// <summary>Shuts down the socket that the thread is waiting for, if any.</summary>
    public void Release()
    {
        try
        {
            // The number of the system call and its arguments, the first of which is the descriptor:
            // https://man7.org/linux/man-pages/man5/proc_pid_syscall.5.html.
            if (File.ReadAllText($"{_task}/syscall").Split(' ') is not [_, ['0', 'x', .. var argument], _, ..]) return;
            if (!int.TryParse(argument, NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var descriptor)) return;
            var file = new FileInfo($"/proc/self/fd/{descriptor}").LinkTarget ?? "";
            if (file.StartsWith("socket:", StringComparison.Ordinal)) _ = ShutDown(descriptor, BothDirections);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The thread has ended, or the information is not available. The cell is then stopped by other means, or
            // not at all.
        }
    }

    [DllImport("libc", EntryPoint = "shutdown")]
    private static extern int ShutDown(int socket, int direction);
}
