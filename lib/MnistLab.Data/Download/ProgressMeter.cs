using MnistLab.Data.Datasets;

namespace MnistLab.Data.Download;

/// <summary>
/// Adds up the progress of the files of a dataset, and reports it sequentially, never decreasing, and at limited
/// intervals.
/// </summary>
internal sealed class ProgressMeter(
    DatasetDescription dataset,
    IEnumerable<DatasetFile> files,
    DownloadOptions options,
    TimeProvider time,
    IProgress<DownloadProgress>? progress)
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, (long Done, long? Total)> _files = files.ToDictionary(
        file => file.Name, _ => (0L, (long?)null), StringComparer.Ordinal);
    private readonly Queue<(long Time, long Received)> _samples = new([(time.GetTimestamp(), 0)]);
    private long _received;
    private long _lastReport;

    /// <summary>Records that a mirror begins to send a file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="total">The length in bytes; null if the mirror does not announce it.</param>
    public void Begin(DatasetFile file, long? total) => Update(file, 0, total, 0);

    /// <summary>Records that more bytes of a file have arrived.</summary>
    public void Advance(DatasetFile file, long position, long? total, int received) => Update(file, position, total, received);

    /// <summary>Records that a file is complete.</summary>
    public void Finish(DatasetFile file, long length) => Update(file, length, length, 0, isFinal: true);

    private void Update(DatasetFile file, long position, long? total, int received, bool isFinal = false)
    {
        if (progress is null) return;
        lock (_lock)
        {
            // If a mirror fails in the middle of a file, the progress does not move back.
            var done = Math.Max(_files[file.Name].Done, position);
            _files[file.Name] = (done, total is { } length ? Math.Max(length, done) : null);
            _received += received;
            var now = time.GetTimestamp();
            if (!isFinal && _lastReport != 0 && time.GetElapsedTime(_lastReport, now) < options.ProgressInterval) return;
            _lastReport = now;
            progress.Report(Measure(now));
        }
    }

    private DownloadProgress Measure(long now)
    {
        _samples.Enqueue((now, _received));
        while (_samples.Count > 2 && time.GetElapsedTime(_samples.Peek().Time, now) > Window) _samples.Dequeue();
        var (start, before) = _samples.Peek();
        var seconds = time.GetElapsedTime(start, now).TotalSeconds;
        var rate = seconds > 0 ? (_received - before) / seconds : 0;

        var done = _files.Values.Sum(file => file.Done);
        var total = _files.Values.All(file => file.Total is not null) ? _files.Values.Sum(file => file.Total) : null;
        var left = total is { } all && (rate > 0 || all == done)
            ? TimeSpan.FromSeconds(Math.Min(rate > 0 ? (all - done) / rate : 0, TimeSpan.FromDays(99).TotalSeconds))
            : (TimeSpan?)null;
        return new DownloadProgress(dataset.Title, done, total, rate, left);
    }
}
