using System.Globalization;

namespace MnistLab.Data.Download;

/// <summary>
/// Represents the progress of the download of a dataset, all its files together. <see cref="BytesDone"/> never
/// decreases.
/// </summary>
/// <param name="Title">The display name of the dataset.</param>
/// <param name="BytesDone">The number of bytes received.</param>
/// <param name="BytesTotal">The total number of bytes; null until the size of every file is known.</param>
/// <param name="BytesPerSecond">The throughput over the last few seconds.</param>
/// <param name="TimeLeft">The estimated time left at this throughput; null if unknown.</param>
public readonly record struct DownloadProgress(string Title, long BytesDone, long? BytesTotal, double BytesPerSecond, TimeSpan? TimeLeft)
{
    /// <summary>Returns one line, such as <c>MNIST: 5.2 of 11.6 MB, 2.1 MB/s, 3 s left</c>.</summary>
    public override string ToString()
    {
        var total = BytesTotal is { } bytes ? string.Create(CultureInfo.InvariantCulture, $" of {bytes / 1e6:F1}") : "";
        var left = TimeLeft is { } time
            ? string.Create(CultureInfo.InvariantCulture, $", {Math.Ceiling(time.TotalSeconds):F0} s left")
            : "";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{Title}: {BytesDone / 1e6:F1}{total} MB, {BytesPerSecond / 1e6:F1} MB/s{left}");
    }
}
