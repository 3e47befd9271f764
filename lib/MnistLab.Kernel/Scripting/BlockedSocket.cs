using System.Globalization;
using System.Runtime.InteropServices;

namespace MnistLab.Kernel;

/// <summary>
/// Ends the wait of a thread for a socket (to accept, to receive, to send): nothing in .NET reaches a thread within
/// such a call of the system. Linux says in which call
/// a thread is and with which descriptor; a socket that is shut down lets it go.
/// </summary>
internal sealed class BlockedSocket
{
    private const int BothDirections = 2; // SHUT_RDWR

    private readonly string _task;

    private BlockedSocket(string task) => _task = task;

    /// <summary>
    /// Returns what can release the calling thread; null where the system does not say what a thread waits for.
    /// </summary>
    public static BlockedSocket? OfThisThread() =>
        OperatingSystem.IsLinux() && new FileInfo("/proc/thread-self").LinkTarget is { } task
            ? new($"/proc/{task}")
            : null;

    /// <summary>Shuts the socket down that the thread waits for, if it waits for one.</summary>
    public void Release()
    {
        try
        {
            // Its number and its arguments, the first of which is the descriptor:
            // https://man7.org/linux/man-pages/man5/proc_pid_syscall.5.html.
            if (File.ReadAllText($"{_task}/syscall").Split(' ') is not [_, ['0', 'x', .. var argument], _, ..]) return;
            if (!int.TryParse(argument, NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var descriptor)) return;
            var file = new FileInfo($"/proc/self/fd/{descriptor}").LinkTarget ?? "";
            if (file.StartsWith("socket:", StringComparison.Ordinal)) _ = ShutDown(descriptor, BothDirections);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The thread has ended, or the system does not say; the cell is stopped by other means, or not at all.
        }
    }

    [DllImport("libc", EntryPoint = "shutdown")]
    private static extern int ShutDown(int socket, int direction);
}
