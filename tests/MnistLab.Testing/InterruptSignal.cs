using System.Runtime.InteropServices;

namespace MnistLab.Testing;

/// <summary>Controls the Unix signal SIGINT, which Ctrl+C sends.</summary>
public static class InterruptSignal
{
    private const int Number = 2;
    private const nint Default = 0; // SIG_DFL
    private const nint Ignored = 1; // SIG_IGN

    // Larger than struct sigaction on any system; its first member is the handler.
    private const int ActionBytes = 512;

    /// <summary>
    /// Makes processes that are started from now on receive the signal: a parent process that ignores it (<c>nohup</c>,
    /// a background command of a script, some CI runners) passes that on to all of its descendants.
    /// </summary>
    public static void ReachesChildren()
    {
        if (!OperatingSystem.IsWindows() && Handler() == Ignored) _ = Native.SetHandler(Number, Default);
    }

    private static nint Handler()
    {
        Span<nint> action = stackalloc nint[ActionBytes / nint.Size];
        return Native.GetAction(Number, 0, ref action[0]) == 0 ? action[0] : Default;
    }

    private static class Native
    {
        [DllImport("libc", EntryPoint = "sigaction")]
        public static extern int GetAction(int signal, nint newAction, ref nint oldAction);

        [DllImport("libc", EntryPoint = "signal")]
        public static extern nint SetHandler(int signal, nint handler);
    }
}
