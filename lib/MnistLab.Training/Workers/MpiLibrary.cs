using System.Runtime.InteropServices;

namespace MnistLab.Training.Workers;

/// <summary>
/// Loads the MPI library of this machine. MPI.NET is written for Microsoft MPI, whose binary interface is that of
/// MPICH, Intel MPI, and MVAPICH; only the name of the library differs.
/// </summary>
internal static partial class MpiLibrary
{
    /// <summary>Says how MPI is installed.</summary>
    public const string Installation =
        "Install MPICH (Debian, Ubuntu: apt-get install mpich; Fedora: dnf install mpich; macOS: brew install mpich) "
        + "or, on Windows, Microsoft MPI.";

    private const string Name = "msmpi";

    // The second name is that of the common interface of MPICH, Intel MPI, and MVAPICH (MPICH ABI compatibility
    // initiative).
    private static readonly string[] Names = OperatingSystem.IsMacOS()
        ? ["libmpich.12.dylib", "libmpi.12.dylib"]
        : ["libmpich.so.12", "libmpi.so.12"];

    private static readonly string[] OpenMpiNames = OperatingSystem.IsMacOS()
        ? ["libmpi.40.dylib"]
        : ["libmpi.so.40"];

    private static readonly Lazy<nint> Handle = new(() => Find(TryLoad, OperatingSystem.IsWindows()));

    /// <summary>Starts MPI in this process, once.</summary>
    /// <exception cref="MpiException">MPI is missing, or is one whose binary interface differs.</exception>
    public static void Initialize()
    {
        KeepSignals();
        var library = Handle.Value;
        NativeLibrary.SetDllImportResolver(
            typeof(MPI.Communicator).Assembly,
            (name, _, _) => name.StartsWith(Name, StringComparison.Ordinal) ? library : 0);
        string[]? arguments = null;
        // Not disposed: that would wait for the other workers, also where this one has failed. See WorkerGroup.Leave.
        _ = new MPI.Environment(ref arguments, MPI.Threading.Serialized);
    }

    /// <summary>Finds the library.</summary>
    /// <param name="load">Loads a library; returns 0 if it is missing.</param>
    /// <param name="isWindows">Whether the machine runs Windows.</param>
    /// <returns>Its handle.</returns>
    /// <exception cref="MpiException">It is missing.</exception>
    internal static nint Find(Func<string, nint> load, bool isWindows)
    {
        string[] names = isWindows ? ["msmpi.dll"] : Names;
        foreach (var name in names)
        {
            if (load(name) is not 0 and var handle) return handle;
        }

        var missing = $"MPI, which training on several workers needs, is missing: {string.Join(" or ", names)}";
        var openMpi = isWindows ? null : OpenMpiNames.FirstOrDefault(name => load(name) != 0);
        throw new MpiException(openMpi is null
            ? $"{missing} cannot be loaded. {Installation}"
            : $"{missing} cannot be loaded. There is Open MPI ({openMpi}), whose binary interface differs. {Installation}");
    }

    private static nint TryLoad(string name) => NativeLibrary.TryLoad(name, out var handle) ? handle : 0;

    /// <summary>
    /// Asks UCX, on which MPICH may be built, to leave two things alone: the signals by which .NET notices null
    /// references, and the functions that map memory. It reads these variables when it is loaded.
    /// </summary>
    private static void KeepSignals()
    {
        if (OperatingSystem.IsWindows()) return;
        // .NET keeps variables of its own; native code sees only those that are set natively.
        _ = SetVariable("UCX_ERROR_SIGNALS", "", 1);
        _ = SetVariable("UCX_MEM_EVENTS", "n", 0);
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetVariable(string name, string value, int overwrite);
}
