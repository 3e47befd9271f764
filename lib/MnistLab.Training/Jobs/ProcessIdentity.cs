using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace MnistLab.Training;

/// <summary>
/// Tells a process from a later one that the operating system gave the same number: by the time it was started.
/// </summary>
internal static class ProcessIdentity
{
    /// <summary>
    /// Returns the start of a process as a text that every process of this machine computes alike; null if the process
    /// has ended.
    /// </summary>
    public static string? StartOf(Process process)
    {
        try
        {
            // Linux keeps the start in ticks since the boot. Process.StartTime turns it into a time of day, which
            // moves when the clock is set.
            if (OperatingSystem.IsLinux())
                return $"{File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim()}/{StartTicks(process.Id)}";
            return process.StartTime.ToUniversalTime().ToString("O", CultureInfo.InvariantCulture);
        }
        catch (Exception error)
            when (error is IOException or InvalidOperationException or UnauthorizedAccessException or Win32Exception)
        {
            return null;
        }
    }

    /// <summary>Ends a process and those it started, if it is still the one that was started then.</summary>
    /// <returns>Whether it was that process.</returns>
    public static bool TryKill(int id, string? start)
    {
        if (start is null) return false;
        try
        {
            using var process = Process.GetProcessById(id);
            if (StartOf(process) != start) return false;
            process.Kill(entireProcessTree: true);
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    // proc(5): the name, in parentheses, may hold anything; the start is the 22nd field, the 20th after the name.
    private static string StartTicks(int id)
    {
        var stat = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{id}/stat"));
        return stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[19];
    }
}
