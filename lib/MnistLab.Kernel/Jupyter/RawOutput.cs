using System.Globalization;
using System.IO.Pipes;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace MnistLab.Kernel;

/// <summary>
/// What is written past the console: by native code, by child processes, to <see cref="Console.OpenStandardOutput()"/>. The process' descriptors lead to pipes of its own,
/// whose text goes to a sink; the standard error also goes on to where it went before, since the reason of a crash is written there.
/// </summary>
/// <remarks>Only on Unix: on Windows a program cannot change where the C library of others writes.</remarks>
internal sealed class RawOutput : IDisposable
{
    private static readonly TimeSpan LongestDrain = TimeSpan.FromSeconds(1);

    private readonly Redirection[] _redirections;
    private int _drains;

    private RawOutput(IOutputSink sink) => _redirections =
    [
        new(StreamName.Stdout, 1, sink, keepsOriginal: false),
        new(StreamName.Stderr, 2, sink, keepsOriginal: true),
    ];

    /// <summary>Redirects the descriptors of this process; null where that is not possible.</summary>
    /// <param name="sink">Gets the text.</param>
    public static RawOutput? Redirect(IOutputSink sink) => OperatingSystem.IsWindows() ? null : new(sink);

    /// <summary>Waits until the sink has what was written so far.</summary>
    public async Task DrainAsync()
    {
        var drain = ++_drains;
        await Task.WhenAll(_redirections.Select(redirection => redirection.DrainAsync(drain)));
    }

    /// <summary>Leads the descriptors to where they led before.</summary>
    public void Dispose()
    {
        foreach (var redirection in _redirections) redirection.Dispose();
    }

    private sealed class Redirection : IDisposable
    {
        private readonly int _descriptor;
        private readonly SafeFileHandle _original;
        private readonly AnonymousPipeServerStream _pipe = new(PipeDirection.In, HandleInheritability.None);
        private readonly FileStream _end;
        private volatile TaskCompletionSource<int> _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Redirection(StreamName stream, int descriptor, IOutputSink sink, bool keepsOriginal)
        {
            _descriptor = descriptor;
            _original = new(Native.Duplicate(descriptor), ownsHandle: true);
            _ = Native.Duplicate((int)_pipe.ClientSafePipeHandle.DangerousGetHandle(), descriptor);
            _pipe.DisposeLocalCopyOfClientHandle();
            _end = new FileStream(new SafeFileHandle(descriptor, ownsHandle: false), FileAccess.Write, bufferSize: 0);
            var original = keepsOriginal ? new FileStream(_original, FileAccess.Write, bufferSize: 0) : null;
            var reader = new FrameReader(
                text =>
                {
                    original?.Write(System.Text.Encoding.UTF8.GetBytes(text));
                    sink.Write(stream, text);
                },
                record => int.TryParse(record, NumberStyles.None, CultureInfo.InvariantCulture, out var drain) && _drained.TrySetResult(drain));
            // A thread of its own: a cell that keeps every thread of the pool busy must not hold up its output.
            new Thread(() => reader.Read(_pipe)) { IsBackground = true, Name = $"read {stream}" }.Start();
        }

        public async Task DrainAsync(int drain)
        {
            var drained = _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
            Frames.Write(_end, drain.ToString(CultureInfo.InvariantCulture));
            try
            {
                await drained.Task.WaitAsync(LongestDrain);
            }
            catch (TimeoutException)
            {
                // More is written than the sink can take; the rest of it comes later.
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
        [DllImport("libc", EntryPoint = "dup")]
        public static extern int Duplicate(int descriptor);

        [DllImport("libc", EntryPoint = "dup2")]
        public static extern int Duplicate(int descriptor, int target);
    }
}
