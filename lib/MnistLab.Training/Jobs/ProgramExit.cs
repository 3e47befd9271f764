using System.Globalization;

namespace MnistLab.Training.Jobs;

/// <summary>Describes how a program ended, by its exit code.</summary>
internal static class ProgramExit
{
    // Where an exit code tells a signal, as in shells: 128 and the signal's number.
    private const int SignalBase = 128;
    private const int MaxSignal = 64;

    /// <summary>
    /// Returns the exit code and, where it stands for one, the signal: <c>exit code 134: signal 6, SIGABRT</c>.
    /// </summary>
    public static string Describe(int exitCode)
    {
        if (OperatingSystem.IsWindows())
            return exitCode >= 0 ? Invariant($"exit code {exitCode}") : Invariant($"exit code 0x{exitCode:X8}");
        if (exitCode is <= SignalBase or > SignalBase + MaxSignal) return Invariant($"exit code {exitCode}");
        var signal = exitCode - SignalBase;
        return Invariant($"exit code {exitCode}: signal {signal}{NameOf(signal)}");
    }

    private static string NameOf(int signal) => signal switch
    {
        1 => ", SIGHUP",
        2 => ", SIGINT",
        3 => ", SIGQUIT",
        4 => ", SIGILL",
        6 => ", SIGABRT",
        8 => ", SIGFPE",
        9 => ", SIGKILL, which the system also sends when memory runs out",
        11 => ", SIGSEGV",
        13 => ", SIGPIPE",
        15 => ", SIGTERM",
        _ => "",
    };

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
