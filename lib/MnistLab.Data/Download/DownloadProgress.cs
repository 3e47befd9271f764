using System.Globalization;

namespace MnistLab.Data.Download;

/// <summary>How far the download of a dataset is: all its files together. <see cref="BytesDone"/> never falls.</summary>
/// <param name="Title">The dataset.</param>
/// <param name="BytesDone">Bytes that have arrived.</param>
/// <param name="BytesTotal">Bytes to arrive in all; null until every file's size is known.</param>
/// <param name="BytesPerSecond">The rate of the last seconds.</param>
/// <param name="TimeLeft">How long it will take at this rate; null while that cannot be known.</param>
public readonly record struct DownloadProgress(string Title, long BytesDone, long? BytesTotal, double BytesPerSecond, TimeSpan? TimeLeft)
{
    /// <summary>One line, such as <c>MNIST: 5.2 of 11.6 MB, 2.1 MB/s, 3 s left</c>.</summary>
    public override string ToString()
    {
        var total = BytesTotal is { } bytes ? string.Create(CultureInfo.InvariantCulture, $" of {bytes / 1e6:F1}") : "";
        var left = TimeLeft is { } time ? string.Create(CultureInfo.InvariantCulture, $", {Math.Ceiling(time.TotalSeconds):F0} s left") : "";
        return string.Create(CultureInfo.InvariantCulture, $"{Title}: {BytesDone / 1e6:F1}{total} MB, {BytesPerSecond / 1e6:F1} MB/s{left}");
    }
}
