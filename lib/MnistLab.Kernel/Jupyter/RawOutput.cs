using System.Diagnostics;
using System.IO.Pipes;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using MnistLab.Kernel.Cells;
using MnistLab.Kernel.Documents;
using MnistLab.Kernel.Running;

namespace MnistLab.Kernel.Jupyter;

/// <summary>
/// Captures output that bypasses <see cref="Console"/>: of native code, of child processes, and through
/// <see cref="Console.OpenStandardOutput()"/>. Redirects the file descriptors of the process to pipes, and sends their
/// text to a sink.
/// </summary>
/// <remarks>
/// Supported on Unix only. On Windows, a process cannot redirect the output of the C runtimes of other libraries.
/// </remarks>
internal sealed class RawOutput : IDisposable
{
    private const int StandardOutput = 1;
    private const int StandardError = 2;
    private static readonly TimeSpan MaxDrainTime = TimeSpan.FromSeconds(1);

    private readonly List<Redirection> _redirections = [];

    private RawOutput(IOutputSink sink)
    {
        // Must be first, because the tee process inherits the descriptors.
        if (StartTee() is var (input, output))
        {
            _redirections.Add(new(StreamName.Stderr, StandardError, input.SafePipeHandle, output, sink));
            input.Dispose();
        }

        var pipe = new AnonymousPipeServerStream(PipeDirection.In, HandleInheritability.None);
        _redirections.Add(new(StreamName.Stdout, StandardOutput, pipe.ClientSafePipeHandle, pipe, sink));
        pipe.DisposeLocalCopyOfClientHandle();
    }

    /// <summary>
    /// Redirects the descriptors of this process. Returns null on Windows, where that is not possible.
    /// </summary>
    /// <param name="sink">The sink that receives the text.</param>
    public static RawOutput? Redirect(IOutputSink sink) => OperatingSystem.IsWindows() ? null : new(sink);

    /// <summary>Waits up to one second until the sink has received the text written so far.</summary>
    public Task DrainAsync() => Task.WhenAll(_redirections.Select(redirection => redirection.DrainAsync()));

    /// <summary>Restores the descriptors.</summary>
    public void Dispose()
    {
        foreach (var redirection in _redirections) redirection.Dispose();
    }

    // The runtime writes the reason for a crash to the standard error stream, which the crashing process can no longer
    // read. Therefore, a separate tee process passes the stream on both to this process and to the original standard
    // error.
    private static (PipeStream Input, Stream Output)? StartTee()
    {
        const string Command = "trap '' INT PIPE TERM; exec tee -a /dev/stderr";
        try
        {
            var start = new ProcessStartInfo("/bin/sh", ["-c", Command])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
            };
            var tee = Process.Start(start)!;
            return tee.StandardInput.BaseStream is PipeStream input ? (input, tee.StandardOutput.BaseStream) : null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            // Without a shell, the standard error stream is not redirected.
            return null;
        }
    }

    private sealed class Redirection : IDisposable
    {
        private readonly int _descriptor;
        private readonly SafeFileHandle _original;
        private readonly FileStream _end;
        private volatile TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Redirection(StreamName stream, int descriptor, SafePipeHandle target, Stream source, IOutputSink sink)
        {
            _descriptor = descriptor;
            _original = new(Native.DuplicatePrivately(descriptor), ownsHandle: true);
            _ = Native.Duplicate((int)target.DangerousGetHandle(), descriptor);
            _end = new FileStream(new SafeFileHandle(descriptor, ownsHandle: false), FileAccess.Write, bufferSize: 0);
            var reader = new FrameReader(
                text => sink.Write(stream, text),
                record => record.Length == 0 && _drained.TrySetResult());
            // Uses a dedicated thread, because a cell that keeps all thread-pool threads busy must not delay its own
            // output.
            new Thread(() => reader.Read(source)) { IsBackground = true, Name = $"read {stream}" }.Start();
        }

        public async Task DrainAsync()
        {
            var drained = _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
            try
            {
                Frames.Write(_end, "");
                await drained.Task.WaitAsync(MaxDrainTime);
            }
            catch (Exception error) when (error is TimeoutException or IOException)
            {
                // The sink is slower than the output, so the rest follows later; or a cell has closed the stream.
            }
        }

        public void Dispose()
        {
            _ = Native.Duplicate((int)_original.DangerousGetHandle(), _descriptor);
            _end.Dispose();
            _original.Dispose();
        }
    }

    private static class Native
    {
        private static readonly int DuplicateClosingOnExec = OperatingSystem.IsMacOS() ? 67 : 1030;

        // The duplicate is closed on exec. Otherwise, a child process would inherit it and keep the kernel's own
        // streams open as long as it runs, and a program that reads them to the end, such as in `nbconvert | tee`,
        // would wait for it.
        public static int DuplicatePrivately(int descriptor) =>
            OperatingSystem.IsMacOS() && RuntimeInformation.ProcessArchitecture == Architecture.Arm64
                ? ControlByStack(descriptor, DuplicateClosingOnExec, 0, 0, 0, 0, 0, 0, 0)
                : Control(descriptor, DuplicateClosingOnExec, 0);

        [DllImport("libc", EntryPoint = "fcntl")]
        private static extern int Control(int descriptor, int command, nint argument);

        // On Apple's Arm64 platforms, variadic arguments are passed on the stack. The padding fills the eight argument
        // registers.
        [DllImport("libc", EntryPoint = "fcntl")]
        private static extern int ControlByStack(
            int descriptor, int command, nint x2, nint x3, nint x4, nint x5, nint x6, nint x7, nint argument);

        [DllImport("libc", EntryPoint = "dup2")]
        public static extern int Duplicate(int descriptor, int target);
    }
}
