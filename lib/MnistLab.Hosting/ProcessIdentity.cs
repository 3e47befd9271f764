using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace MnistLab.Hosting;

/// <summary>
/// Identifies one process for good: process IDs are reused, a process ID together with its start is not.
/// </summary>
/// <param name="Id">The process ID.</param>
/// <param name="Start">
/// The start of the process in a unit of the operating system. On Linux clock ticks since boot, which do not change
/// when the clock is set; elsewhere 100 ns ticks of UTC, as the kernel has stored them.
/// </param>
public sealed record ProcessIdentity(int Id, long Start)
{
    private const int StartTimeField = 22;

    /// <summary>Gets the identity of this process.</summary>
    public static ProcessIdentity Current { get; } = Find(Environment.ProcessId)!;

    /// <summary>Gets whether this very process exists.</summary>
    public bool Exists => Find(Id) == this;

    /// <summary>
    /// Gets the start as a text that every process of this machine computes alike, and that differs between two boots
    /// of the machine; null if the operating system does not tell which boot this is.
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

    /// <summary>Returns the identity of the process that has an ID at present; null if there is none.</summary>
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

    /// <summary>Returns the process that has an ID and was started then; null if it has ended.</summary>
    /// <param name="id">The process ID.</param>
    /// <param name="startText">Its <see cref="StartText"/>; null if it is unknown, which no process matches.</param>
    public static ProcessIdentity? Find(int id, string? startText) =>
        startText is not null && Find(id) is { } found && found.StartText == startText ? found : null;

    /// <summary>Kills this very process. Nothing happens if it has ended, whichever process has its ID now.</summary>
    /// <param name="entireProcessTree">Whether to kill the processes that it started as well.</param>
    /// <exception cref="IOException">The process lives, and this user may not kill it.</exception>
    public void Kill(bool entireProcessTree = false) => KillBy(process => process.Kill(entireProcessTree));

    /// <summary>Kills the process by a call that may fail as that of the system does.</summary>
    internal void KillBy(Action<Process> kill)
    {
        try
        {
            using var process = Process.GetProcessById(Id);
            if (Exists) kill(process);
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException)
        {
            // It has ended in the meantime.
        }
        // Several of them if a whole tree was to be killed.
        catch (Exception exception) when (exception is Win32Exception or AggregateException)
        {
            // Windows also denies access to a process that is just ending.
            if (!Exists) return;
            var reason = exception.GetBaseException().Message;
            throw new IOException(
                FormattableString.Invariant($"The process {Id} cannot be killed: {reason}. ")
                + "End it as the user who started it, or as an administrator.",
                exception);
        }
    }

    // man 5 proc. The name, in parentheses, may itself contain blanks and parentheses.
    private static long ReadStart(int id)
    {
        var stat = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{id}/stat"));
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return long.Parse(fields[StartTimeField - 3], CultureInfo.InvariantCulture);
    }
}
