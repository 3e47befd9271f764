using System.Diagnostics;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace MnistLab.Hosting;

/// <summary>
/// Starts processes that outlive the process that started them: neither Ctrl-C in its terminal, nor the end of the
/// terminal, nor the end of the parent reaches them, and they keep none of the parent's pipes open.
/// </summary>
public static partial class DetachedProcess
{
    /// <summary>Starts a .NET program by the same <c>dotnet</c> that runs this process.</summary>
    /// <param name="program">The path of the program's dll.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <returns>
    /// The process. Its standard error is redirected and ends when the program detaches; until then, it says why a
    /// program does not start.
    /// </returns>
    public static Process Start(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(DotnetHost.Path, [program, .. arguments])
        {
            UseShellExecute = false,
            // Pipes instead of this process's own streams: whatever waits for the end of those would wait for the end
            // of the program.
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
    /// <param name="logFile">The file, which is created anew.</param>
    /// <exception cref="IOException">The file cannot be written, or a stream cannot be redirected.</exception>
    public static void Detach(string logFile)
    {
        LeaveSession();
        if (!OperatingSystem.IsWindows())
        {
            PosixSignalRegistration.Create(PosixSignal.SIGHUP, signal => signal.Cancel = true);
            using var nothing = File.OpenHandle("/dev/null");
            Redirect(nothing, 0);
        }

        PrintTo(logFile);
    }

    /// <summary>
    /// Called by the program itself: gives it a session of its own, so that what ends its parent's process group or
    /// terminal does not end it. Does nothing on Windows.
    /// </summary>
    public static void LeaveSession()
    {
        // Fails where the process already leads a group, as it does when a shell started it: then there is no parent's
        // session to leave.
        if (!OperatingSystem.IsWindows()) _ = Unix.SetSid();
    }

    /// <summary>
    /// Empties the file to which <see cref="Detach"/> sends this process's output, and continues at its beginning. Not
    /// on Windows.
    /// </summary>
    /// <param name="logFile">The file that was passed to <see cref="Detach"/>.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void EmptyLog(string logFile)
    {
        const FileShare Share = FileShare.ReadWrite | FileShare.Delete;
        using (var log = File.OpenHandle(logFile, FileMode.Open, FileAccess.Write, Share))
            RandomAccess.SetLength(log, 0);
        // Copies of the stream, such as the one Console has made, share its position.
        _ = Unix.Seek(1, 0, 0);
    }

    /// <summary>Called by the program itself: sends what it prints to a file.</summary>
    /// <inheritdoc cref="Detach"/>
    public static void PrintTo(string logFile)
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
        {
            var reason = Marshal.GetLastPInvokeErrorMessage();
            throw new IOException($"The stream {descriptor} cannot be redirected: {reason}");
        }
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
