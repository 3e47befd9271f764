using System.Diagnostics;
using System.IO.Pipes;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace MnistLab.Kernel;

/// <summary>
/// What is written past the console: by native code, by child processes, to <see cref="Console.OpenStandardOutput()"/>. The
/// process' descriptors lead to pipes, whose text goes to a sink.
/// </summary>
/// <remarks>Only on Unix: on Windows a program cannot change where the C library of others writes.</remarks>
internal sealed class RawOutput : IDisposable
{
    private const int StandardOutput = 1;
    private const int StandardError = 2;
    private static readonly TimeSpan LongestDrain = TimeSpan.FromSeconds(1);

    private readonly List<Redirection> _redirections = [];

    private RawOutput(IOutputSink sink)
    {
        // First, because the program inherits the descriptors.
        if (StartTee() is var (input, output))
        {
            _redirections.Add(new(StreamName.Stderr, StandardError, input.SafePipeHandle, output, sink));
            input.Dispose();
        }

        var pipe = new AnonymousPipeServerStream(PipeDirection.In, HandleInheritability.None);
        _redirections.Add(new(StreamName.Stdout, StandardOutput, pipe.ClientSafePipeHandle, pipe, sink));
        pipe.DisposeLocalCopyOfClientHandle();
    }

    /// <summary>Redirects the descriptors of this process; null where that is not possible.</summary>
    /// <param name="sink">Gets the text.</param>
    public static RawOutput? Redirect(IOutputSink sink) => OperatingSystem.IsWindows() ? null : new(sink);

    /// <summary>Waits until the sink has what was written so far.</summary>
    public Task DrainAsync() => Task.WhenAll(_redirections.Select(redirection => redirection.DrainAsync()));

    /// <summary>Leads the descriptors to where they led before.</summary>
    public void Dispose()
    {
        foreach (var redirection in _redirections) redirection.Dispose();
    }

    // The runtime writes to the standard error why the process crashes, and the process cannot read it any more: a program
    // of its own also hands on to where the standard error led before what it hands back.
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
            // Without the program the standard error stays as it is.
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
            // A thread of its own: a cell that keeps every thread of the pool busy must not hold up its output.
            new Thread(() => reader.Read(source)) { IsBackground = true, Name = $"read {stream}" }.Start();
        }

        public async Task DrainAsync()
        {
            var drained = _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
            try
            {
                Frames.Write(_end, "");
                await drained.Task.WaitAsync(LongestDrain);
            }
            catch (Exception error) when (error is TimeoutException or IOException)
            {
                // More is written than the sink can take, and the rest of it comes later; or a cell has closed the stream.
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

        // A child process that inherited the duplicate would keep the kernel's own streams open for as long as it runs,
        // and whoever reads them to their end, such as `nbconvert | tee`, would wait for it.
        public static int DuplicatePrivately(int descriptor) =>
            OperatingSystem.IsMacOS() && RuntimeInformation.ProcessArchitecture == Architecture.Arm64
                ? ControlByStack(descriptor, DuplicateClosingOnExec, 0, 0, 0, 0, 0, 0, 0)
                : Control(descriptor, DuplicateClosingOnExec, 0);

        [DllImport("libc", EntryPoint = "fcntl")]
        private static extern int Control(int descriptor, int command, nint argument);

        // Apple's Arm processors take the arguments of a variadic function from the stack, after eight in registers.
        [DllImport("libc", EntryPoint = "fcntl")]
        private static extern int ControlByStack(
            int descriptor, int command, nint x2, nint x3, nint x4, nint x5, nint x6, nint x7, nint argument);

        [DllImport("libc", EntryPoint = "dup2")]
        public static extern int Duplicate(int descriptor, int target);
    }
}
