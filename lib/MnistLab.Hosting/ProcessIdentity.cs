using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace MnistLab.Hosting;

/// <summary>
/// Identifies a process unambiguously: process IDs are reused, but a process ID together with its start time is not.
/// </summary>
/// <param name="Id">The process ID.</param>
/// <param name="Start">The start of the process in a unit that depends on the operating system: clock ticks since boot
/// on Linux, which do not change when the clock is set; elsewhere, the kernel's start time in 100 ns ticks of
/// UTC.</param>
public sealed record ProcessIdentity(int Id, long Start)
{
    private const int StartTimeField = 22;

    /// <summary>Gets the identity of this process.</summary>
    public static ProcessIdentity Current { get; } = Find(Environment.ProcessId)!;

    /// <summary>Gets whether exactly this process still exists.</summary>
    public bool Exists => Find(Id) == this;

    /// <summary>
    /// Gets the start as text that is the same in every process of this machine, and that differs between boots of the
    /// machine; null if the operating system does not identify the boot.
    /// </summary>
    public string? StartText
    {
        get
        {
            if (!OperatingSystem.IsLinux())
                return new DateTime(Start, DateTimeKind.Utc).ToString("O", CultureInfo.InvariantCulture);
            try
            {
                var boot = File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim();
                return string.Create(CultureInfo.InvariantCulture, $"{boot}/{Start}");
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                return null;
            }
        }
    }

    /// <summary>Returns the identity of the process that currently has an ID; null if there is none.</summary>
    /// <param name="id">The process ID.</param>
    public static ProcessIdentity? Find(int id)
    {
        try
        {
            if (OperatingSystem.IsLinux()) return new ProcessIdentity(id, ReadStart(id));
            using var process = Process.GetProcessById(id);
            return new ProcessIdentity(id, process.StartTime.ToUniversalTime().Ticks);
        }
        catch (Exception exception) when (exception
            is ArgumentException or InvalidOperationException or IOException or UnauthorizedAccessException
            or Win32Exception)
        {
            return null;
        }
    }

    /// <summary>Returns the identity of the process with an ID and a start; null if it has ended.</summary>
    /// <param name="id">The process ID.</param>
    /// <param name="startText">The <see cref="StartText"/> of the process; null if it is unknown, which matches no
    /// process.</param>
    public static ProcessIdentity? Find(int id, string? startText) =>
        startText is not null && Find(id) is { } found && found.StartText == startText ? found : null;

    /// <summary>
    /// Kills exactly this process. Does nothing if it has ended, even if another process has its ID now.
    /// </summary>
    /// <param name="entireProcessTree">Whether to kill its descendants as well.</param>
    /// <exception cref="IOException">The process is still running, and the user has no permission to kill
    /// it.</exception>
    public void Kill(bool entireProcessTree = false) => KillBy(process => process.Kill(entireProcessTree));

    /// <summary>
    /// Kills the process with the given function, whose exceptions are handled like those of <c>Process.Kill</c>.
    /// </summary>
    internal void KillBy(Action<Process> kill)
    {
        try
        {
            using var process = Process.GetProcessById(Id);
            if (Exists) kill(process);
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException)
        {
            // The process has ended in the meantime.
        }
        // AggregateException is thrown if several processes of a tree cannot be killed.
        catch (Exception exception) when (exception is Win32Exception or AggregateException)
        {
            // Windows also denies access to a process that is about to end.
            if (!Exists) return;
            var reason = exception.GetBaseException().Message;
            throw new IOException(
                FormattableString.Invariant($"The process {Id} cannot be killed: {reason}. ")
                + "End it as the user who started it, or as an administrator.",
                exception);
        }
    }

    // See man 5 proc. The name, in parentheses, may itself contain spaces and parentheses.
    private static long ReadStart(int id)
    {
        var stat = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{id}/stat"));
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return long.Parse(fields[StartTimeField - 3], CultureInfo.InvariantCulture);
    }
}
