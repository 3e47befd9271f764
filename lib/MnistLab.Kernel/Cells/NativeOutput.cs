using System.Runtime.InteropServices;

namespace MnistLab.Kernel.Cells;

/// <summary>Flushes the output of native code of this process, which the C library buffers.</summary>
internal static class NativeOutput
{
    private static readonly string[] Libraries =
        OperatingSystem.IsMacOS() ? ["libSystem.dylib"] : ["libc.so.6", "libc"];
    private static readonly string Name = OperatingSystem.IsMacOS() ? "__stdoutp" : "stdout";
    private static readonly Lazy<nint> StandardOutput = new(Find);

    /// <summary>Writes the buffered text to the standard output of the process. Does nothing on Windows.</summary>
    public static void Flush()
    {
        if (StandardOutput.Value != 0) _ = FlushStream(Marshal.ReadIntPtr(StandardOutput.Value));
    }

    private static nint Find()
    {
        if (OperatingSystem.IsWindows()) return 0;
        foreach (var library in Libraries)
        {
            if (!NativeLibrary.TryLoad(library, out var loaded)) continue;
            if (NativeLibrary.TryGetExport(loaded, Name, out var address)) return address;
        }

        return 0;
    }

    [DllImport("libc", EntryPoint = "fflush")]
    private static extern int FlushStream(nint stream);
}
