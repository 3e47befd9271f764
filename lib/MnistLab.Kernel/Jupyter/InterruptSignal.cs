using System.Runtime.InteropServices;

namespace MnistLab.Kernel.Jupyter;

/// <summary>Configures the SIGINT signal on Unix.</summary>
internal static class InterruptSignal
{
    private const int Number = 2;
    private const nint Default = 0; // SIG_DFL
    private const nint Ignored = 1; // SIG_IGN

    // Larger than struct sigaction on any system. Its first member is the handler.
    private const int ActionBytes = 512;

    /// <summary>
    /// Restores the default action of the signal if the process was started with the signal ignored. Must be called
    /// before a handler is registered.
    /// </summary>
    public static void Accept()
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
