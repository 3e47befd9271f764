using System.Runtime.InteropServices;

namespace MnistLab.Training;

/// <summary>Controls the heap of the C library, where TorchSharp allocates its tensors.</summary>
internal static partial class NativeHeap
{
    // Parameters of mallopt, from malloc.h of glibc, which rejects a larger mmap threshold.
    private const int TrimThreshold = -1;
    private const int MmapThreshold = -3;
    private const int LargestMmapThreshold = 32 * 1024 * 1024;
    private const int KeptBytes = 512 * 1024 * 1024;

    /// <summary>
    /// Makes the heap keep released memory, up to 512 MB, until <see cref="Trim"/>. Each training step releases and
    /// allocates the same tensors. If the memory were returned to the operating system in between, its pages would be
    /// mapped and cleared again in every step, which may take longer than the arithmetic. Does nothing if the C library
    /// is not glibc.
    /// </summary>
    public static void KeepReleasedMemory() => Call(() =>
    {
        _ = SetOption(MmapThreshold, LargestMmapThreshold);
        _ = SetOption(TrimThreshold, KeptBytes);
    });

    /// <summary>Returns released memory to the operating system.</summary>
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
            // Other C libraries, such as musl, do not provide these functions.
        }
    }

    [LibraryImport("libc", EntryPoint = "mallopt")]
    private static partial int SetOption(int option, int value);

    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    private static partial int TrimNow(nuint kept);
}
