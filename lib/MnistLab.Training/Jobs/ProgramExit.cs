using System.Globalization;

namespace MnistLab.Training.Jobs;

/// <summary>Describes the exit code of a program.</summary>
internal static class ProgramExit
{
    // An exit code above 128 represents a signal, as in shells: 128 plus the signal number.
    private const int SignalBase = 128;
    private const int MaxSignal = 64;

    /// <summary>
    /// Returns the exit code and, if it represents one, the signal, such as <c>exit code 134: signal 6, SIGABRT</c>.
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
