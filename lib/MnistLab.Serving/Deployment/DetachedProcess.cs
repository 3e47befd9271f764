using System.Diagnostics;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace MnistLab.Serving;

/// <summary>
/// A process that outlives the one that started it: neither Ctrl-C in that one's terminal, nor the end of the
/// terminal, nor the end of that process reaches it,
/// and it keeps none of its pipes open. The one place where operating systems differ.
/// </summary>
internal static partial class DetachedProcess
{
    /// <summary>Starts a .NET program by the same <c>dotnet</c> that runs this process.</summary>
    /// <param name="program">The path of the program's dll.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <returns>The process. Its standard error is redirected, and ends when the program detaches: until then it tells
    /// why a program does not even start.</returns>
    public static Process Start(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(FindDotnet(), [program, .. arguments])
        {
            UseShellExecute = false,
            // Pipes instead of this process's own streams: who waits for the end of those would wait for the end of
            // the service.
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            CreateNoWindow = true,
            WorkingDirectory = Path.GetDirectoryName(program),
        };
        if (OperatingSystem.IsWindows()) start.CreateNewProcessGroup = true;
        var process = Process.Start(start)!;
        process.StandardInput.Close();
        process.StandardOutput.Close();
        return process;
    }

    /// <summary>
    /// Called by the program itself, first of all: leaves its parent's session and sends what it prints to a file.
    /// </summary>
    public static void Detach(string logFile)
    {
        if (!OperatingSystem.IsWindows())
        {
            // Fails where the process leads a group already, that is, where a person started it: then it has nobody to
            // leave.
            _ = Unix.SetSid();
            PosixSignalRegistration.Create(PosixSignal.SIGHUP, signal => signal.Cancel = true);
            using var nothing = File.OpenHandle("/dev/null");
            Redirect(nothing, 0);
        }

        PrintTo(logFile);
    }

    /// <summary>
    /// Empties the file that <see cref="Detach"/> sends this process' words to, and goes on at its beginning. Not on
    /// Windows.
    /// </summary>
    public static void EmptyLog(string logFile)
    {
        using (var log = File.OpenHandle(logFile, FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete)) RandomAccess.SetLength(log, 0);
        // Copies of the stream, such as the one Console has made, share its place.
        _ = Unix.Seek(1, 0, 0);
    }

    private static void PrintTo(string logFile)
    {
        var log = File.OpenHandle(logFile, FileMode.Create, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
        if (OperatingSystem.IsWindows())
        {
            Windows.SetStdHandle(Windows.StandardOutput, log.DangerousGetHandle());
            Windows.SetStdHandle(Windows.StandardError, log.DangerousGetHandle());
        }
        else
        {
            // By number, not through Console: this is how a crash of the runtime or of a native library gets into the
            // log as well.
            Redirect(log, 1);
            Redirect(log, 2);
        }

        // Never closed where it is the standard output itself; elsewhere its copies are.
        if (OperatingSystem.IsWindows()) log.SetHandleAsInvalid();
        else log.Dispose();
    }

    private static void Redirect(SafeFileHandle target, int descriptor)
    {
        if (Unix.Dup2(target.DangerousGetHandle().ToInt32(), descriptor) < 0)
            throw new IOException($"The stream {descriptor} cannot be redirected: {Marshal.GetLastPInvokeErrorMessage()}");
    }

    private static string FindDotnet()
    {
        var name = OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet";
        if (Path.GetFileName(Environment.ProcessPath) == name) return Environment.ProcessPath!;
        // …/dotnet/shared/Microsoft.NETCore.App/10.0.0/
        var root = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));
        var dotnet = Path.Combine(root, name);
        return File.Exists(dotnet) ? dotnet : name;
    }

    private static partial class Unix
    {
        [LibraryImport("libc", EntryPoint = "setsid", SetLastError = true)]
        public static partial int SetSid();

        [LibraryImport("libc", EntryPoint = "lseek", SetLastError = true)]
        public static partial long Seek(int descriptor, long offset, int origin);

        [LibraryImport("libc", EntryPoint = "dup2", SetLastError = true)]
        public static partial int Dup2(int source, int target);
    }

    private static partial class Windows
    {
        public const int StandardOutput = -11;
        public const int StandardError = -12;

        [LibraryImport("kernel32", SetLastError = true)]
        [return: MarshalAs(UnmanagedType.Bool)]
        public static partial bool SetStdHandle(int stream, nint handle);
    }
}
