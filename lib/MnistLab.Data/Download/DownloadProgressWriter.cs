namespace MnistLab.Data.Download;

/// <summary>
/// Writes the progress of a download: as one line that is overwritten in a terminal, otherwise as a new line every few
/// seconds.
/// </summary>
/// <param name="writer">The target; use standard error if other programs read standard output.</param>
/// <param name="isTerminal">Whether the line can be overwritten.</param>
/// <param name="time">The clock for the intervals.</param>
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
            else if (_lastLine is not { } last
                || (!_isComplete && value.BytesDone == value.BytesTotal)
                || time.GetElapsedTime(last) >= LinePeriod)
            {
                writer.WriteLine(line);
                _lastLine = time.GetTimestamp();
                _isComplete = value.BytesDone == value.BytesTotal;
            }
        }
    }

    /// <summary>Ends the line that is being overwritten, if there is one.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            if (_width > 0) writer.WriteLine();
            _width = 0;
        }
    }
}
