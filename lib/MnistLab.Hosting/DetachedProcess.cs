using System.Diagnostics;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace MnistLab.Hosting;

/// <summary>
/// Starts processes that outlive their parent: they are not affected by Ctrl-C in its terminal, by the end of the
/// terminal, or by the end of the parent, and they do not keep its pipes open.
/// </summary>
public static partial class DetachedProcess
{
    /// <summary>Starts a .NET program with the <c>dotnet</c> host that runs this process.</summary>
    /// <param name="program">The path of the program's assembly (<c>.dll</c>).</param>
    /// <param name="arguments">The command-line arguments.</param>
    /// <returns>The process. Its standard error is redirected until the program detaches, so that it contains the
    /// reason if the program does not start.</returns>
    public static Process Start(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(DotnetHost.Path, [program, .. arguments])
        {
            UseShellExecute = false,
            // Pipes instead of this process's own streams, because a reader that waits for the end of those would wait
            // until the program ends.
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
    /// Detaches this process from its parent's session and redirects its output to a file. The program must call this
    /// before anything else.
    /// </summary>
    /// <param name="logFile">The file, which is created or overwritten.</param>
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
    /// Moves this process to a new session, so that signals to its parent's process group or terminal do not end it.
    /// Does nothing on Windows.
    /// </summary>
    public static void LeaveSession()
    {
        // Fails if the process already leads a process group, as it does when a shell has started it; there is then no
        // parent's session to leave.
        if (!OperatingSystem.IsWindows()) _ = Unix.SetSid();
    }

    /// <summary>
    /// Truncates the file to which <see cref="Detach"/> redirects the output, and continues at its beginning. Not
    /// supported on Windows.
    /// </summary>
    /// <param name="logFile">The file that was passed to <see cref="Detach"/>.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void EmptyLog(string logFile)
    {
        const FileShare Share = FileShare.ReadWrite | FileShare.Delete;
        using (var log = File.OpenHandle(logFile, FileMode.Open, FileAccess.Write, Share))
            RandomAccess.SetLength(log, 0);
        // Duplicates of the descriptor, such as that of Console, share its position.
        _ = Unix.Seek(1, 0, 0);
    }

    /// <summary>Redirects the output of this process to a file.</summary>
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
            // Redirected at the level of file descriptors rather than through Console, so that crashes of the runtime
            // or of native libraries are logged as well.
            Redirect(log, 1);
            Redirect(log, 2);
        }

        // On Windows, the handle itself is the standard output and must stay open; on Unix, its duplicates are used.
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
