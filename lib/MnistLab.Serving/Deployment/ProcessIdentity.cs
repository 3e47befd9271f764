using System.Diagnostics;
using System.Globalization;

namespace MnistLab.Serving;

/// <summary>
/// Identifies one process for good: process IDs are reused, a process ID together with its start is not.
/// </summary>
/// <param name="Id">The process ID.</param>
/// <param name="Start">
/// When it was started, in a unit of the operating system. On Linux clock ticks since boot, which do not change when
/// the clock is set;
/// elsewhere 100 ns ticks of UTC, as the kernel has stored them.
/// </param>
internal sealed record ProcessIdentity(int Id, long Start)
{
    private const int StartTimeField = 22;

    /// <summary>Gets the identity of this process.</summary>
    public static ProcessIdentity Current { get; } = Find(Environment.ProcessId)!;

    /// <summary>Gets whether this very process exists.</summary>
    public bool Exists => Find(Id) == this;

    /// <summary>Returns the identity of the process that has an ID at present; null if there is none.</summary>
    public static ProcessIdentity? Find(int id)
    {
        try
        {
            if (OperatingSystem.IsLinux()) return new ProcessIdentity(id, ReadStart(id));
            using var process = Process.GetProcessById(id);
            return new ProcessIdentity(id, process.StartTime.ToUniversalTime().Ticks);
        }
        catch (Exception exception)
            when (exception is ArgumentException or InvalidOperationException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Kills this very process. Nothing happens if it has ended, whoever has its ID now.</summary>
    public void Kill()
    {
        try
        {
            using var process = Process.GetProcessById(Id);
            if (Exists) process.Kill();
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException)
        {
            // It has ended in the meantime.
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
