using System.Text;

namespace MnistLab.Training.Jobs;

/// <summary>
/// Represents the log of a worker: the output of its boot file, byte for byte, and messages of the supervising process.
/// </summary>
internal sealed class WorkerLog : IDisposable
{
    private readonly Lock _lock = new();
    private readonly FileStream _file;
    private bool _isAtLineStart = true;
    private bool _isClosed;

    public WorkerLog(string path) => _file = new FileStream(
        path, FileMode.Create, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);

    /// <summary>Gets the reason why a part of the log could not be written; null if everything was written.</summary>
    public string? Failure { get; private set; }

    /// <summary>
    /// Copies a program's output until it ends. The output is read even if the log cannot be written, so that the
    /// program does not block.
    /// </summary>
    public async Task CopyAsync(Stream output)
    {
        var buffer = new byte[1 << 16];
        int read;
        while ((read = await output.ReadAsync(buffer)) > 0) Write(buffer.AsSpan(0, read));
    }

    /// <summary>Writes a message of the supervising process on a separate line.</summary>
    public void WriteLine(string text)
    {
        lock (_lock) Write(Encoding.UTF8.GetBytes($"{(_isAtLineStart ? "" : "\n")}{text}\n"));
    }

    public void Dispose()
    {
        // A child process that outlives the program may still write output.
        lock (_lock)
        {
            _isClosed = true;
            _file.Dispose();
        }
    }

    private void Write(ReadOnlySpan<byte> bytes)
    {
        lock (_lock)
        {
            if (_isClosed) return;
            try
            {
                _file.Write(bytes);
                _isAtLineStart = bytes[^1] == '\n';
            }
            catch (IOException error)
            {
                Failure ??= error.Message;
            }
        }
    }
}
