using System.Runtime.InteropServices;

namespace MnistLab.Training.Workers;

/// <summary>
/// Loads the MPI library of this machine. MPI.NET targets Microsoft MPI, which has the same binary interface (ABI) as
/// MPICH, Intel MPI, and MVAPICH; only the name of the library differs.
/// </summary>
internal static partial class MpiLibrary
{
    /// <summary>The instructions for installing MPI, for error messages.</summary>
    public const string Installation =
        "Install MPICH (Debian, Ubuntu: apt-get install mpich; Fedora: dnf install mpich; macOS: brew install mpich) "
        + "or, on Windows, Microsoft MPI.";

    private const string Name = "msmpi";

    // The second name is the common library name of the MPICH ABI Compatibility Initiative (MPICH, Intel MPI, MVAPICH).
    private static readonly string[] Names = OperatingSystem.IsMacOS()
        ? ["libmpich.12.dylib", "libmpi.12.dylib"]
        : ["libmpich.so.12", "libmpi.so.12"];

    private static readonly string[] OpenMpiNames = OperatingSystem.IsMacOS()
        ? ["libmpi.40.dylib"]
        : ["libmpi.so.40"];

    private static readonly Lazy<nint> Handle = new(() => Find(TryLoad, OperatingSystem.IsWindows()));

    /// <summary>Initializes MPI in this process. Must be called only once.</summary>
    /// <exception cref="MpiException">
    /// MPI is missing, or only an MPI with another binary interface is installed.
    /// </exception>
    public static void Initialize()
    {
        KeepSignals();
        var library = Handle.Value;
        NativeLibrary.SetDllImportResolver(
            typeof(MPI.Communicator).Assembly,
            (name, _, _) => name.StartsWith(Name, StringComparison.Ordinal) ? library : 0);
        string[]? arguments = null;
        // Not disposed, because disposing would wait for the other workers even if this one has failed. See
        // WorkerGroup.Leave.
        _ = new MPI.Environment(ref arguments, MPI.Threading.Serialized);
    }

    /// <summary>Finds and loads the library.</summary>
    /// <param name="load">Loads a library; returns 0 if it is missing.</param>
    /// <param name="isWindows">Whether the machine runs Windows.</param>
    /// <returns>The handle of the library.</returns>
    /// <exception cref="MpiException">The library is missing.</exception>
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
    /// Keeps UCX, which MPICH may be built on, from handling the signals with which .NET detects null references, and
    /// from intercepting the functions that map memory. UCX reads these variables when it is loaded.
    /// </summary>
    private static void KeepSignals()
    {
        if (OperatingSystem.IsWindows()) return;
        // .NET keeps its own copy of the environment; native code sees only variables that are set natively.
        _ = SetVariable("UCX_ERROR_SIGNALS", "", 1);
        _ = SetVariable("UCX_MEM_EVENTS", "n", 0);
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetVariable(string name, string value, int overwrite);
}
