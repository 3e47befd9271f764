using System.Text;

namespace MnistLab.Training.Jobs;

/// <summary>
/// Represents the log of a worker: what its boot file prints, byte for byte, and what the worker itself has to say.
/// </summary>
internal sealed class WorkerLog : IDisposable
{
    private readonly Lock _lock = new();
    private readonly FileStream _file;
    private bool _isAtLineStart = true;
    private bool _isClosed;

    public WorkerLog(string path) => _file = new FileStream(
        path, FileMode.Create, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);

    /// <summary>Gets why a part of the log could not be written; null if all of it was.</summary>
    public string? Failure { get; private set; }

    /// <summary>
    /// Copies a program's output to its end. The output is read even while it cannot be written, so that the program
    /// does not block.
    /// </summary>
    public async Task CopyAsync(Stream output)
    {
        var buffer = new byte[1 << 16];
        int read;
        while ((read = await output.ReadAsync(buffer)) > 0) Write(buffer.AsSpan(0, read));
    }

    /// <summary>Writes a line of the worker's own.</summary>
    public void WriteLine(string text)
    {
        lock (_lock) Write(Encoding.UTF8.GetBytes($"{(_isAtLineStart ? "" : "\n")}{text}\n"));
    }

    public void Dispose()
    {
        // A process that the program has left behind may still print something.
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
