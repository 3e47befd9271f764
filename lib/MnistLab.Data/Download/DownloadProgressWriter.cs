namespace MnistLab.Data.Download;

/// <summary>Shows how far a download is: on one line that changes in a terminal, on a line every few seconds elsewhere.</summary>
/// <param name="writer">Where to; the terminal's error stream, if output is for other programs to read.</param>
/// <param name="isTerminal">Whether a line can be written over.</param>
/// <param name="time">The clock for the seconds.</param>
public sealed class DownloadProgressWriter(TextWriter writer, bool isTerminal, TimeProvider time) : IProgress<DownloadProgress>, IDisposable
{
    private static readonly TimeSpan LinePeriod = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private long? _lastLine;
    private int _width;
    private bool _isComplete;

    /// <inheritdoc/>
    public void Report(DownloadProgress value)
    {
        lock (_lock)
        {
            var line = value.ToString();
            if (isTerminal)
            {
                writer.Write('\r' + line.PadRight(_width));
                _width = Math.Max(_width, line.Length);
            }
            else if (_lastLine is not { } last || (!_isComplete && value.BytesDone == value.BytesTotal) || time.GetElapsedTime(last) >= LinePeriod)
            {
                writer.WriteLine(line);
                _lastLine = time.GetTimestamp();
                _isComplete = value.BytesDone == value.BytesTotal;
            }
        }
    }

    /// <summary>Ends the line that changes, if there is one.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            if (_width > 0) writer.WriteLine();
            _width = 0;
        }
    }
}
