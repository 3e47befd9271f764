using System.Runtime.InteropServices;

namespace MnistLab.Training;

/// <summary>The heap of the C library, where TorchSharp's tensors are.</summary>
internal static partial class NativeHeap
{
    // Parameters of mallopt, from malloc.h of glibc; it refuses a larger threshold for mmap.
    private const int TrimThreshold = -1;
    private const int MmapThreshold = -3;
    private const int LargestMmapThreshold = 32 * 1024 * 1024;
    private const int KeptBytes = 512 * 1024 * 1024;

    /// <summary>
    /// Lets the heap keep released memory, up to 512 MB, until <see cref="Trim"/>. Each training step releases and
    /// allocates the same tensors; if the memory returned to the system in between, each of its pages would be mapped and
    /// cleared anew in each step, which may take longer than the arithmetic. Does nothing where the C library is not glibc.
    /// </summary>
    public static void KeepReleasedMemory() => Call(() =>
    {
        _ = SetOption(MmapThreshold, LargestMmapThreshold);
        _ = SetOption(TrimThreshold, KeptBytes);
    });

    /// <summary>Returns released memory to the system.</summary>
    public static void Trim() => Call(() => _ = TrimNow(0));

    private static void Call(Action action)
    {
        if (!OperatingSystem.IsLinux()) return;
        try
        {
            action();
        }
        catch (EntryPointNotFoundException)
        {
            // Another C library, such as musl, manages memory in its own way.
        }
    }

    [LibraryImport("libc", EntryPoint = "mallopt")]
    private static partial int SetOption(int option, int value);

    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    private static partial int TrimNow(nuint kept);
}
