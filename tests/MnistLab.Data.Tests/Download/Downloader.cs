using MnistLab.Data.Datasets;
using MnistLab.Data.Download;

namespace MnistLab.Data.Tests;

/// <summary>Creates downloads for tests: with short timeouts and without a proxy.</summary>
public static class Downloader
{
    public static readonly DownloadOptions Patient = new()
    {
        ResponseTimeout = TimeSpan.FromMinutes(5),
        StallTimeout = TimeSpan.FromMinutes(1),
        ProgressInterval = TimeSpan.Zero
    };

    public static async Task<DownloadedDataset> GetAsync(
        DatasetDescription dataset,
        string folder,
        DownloadOptions? options = null,
        IProgress<DownloadProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        using var handler = Handler();
        return await new DatasetDownload(handler, TimeProvider.System, options ?? Patient).GetAsync(
            dataset, folder, null, progress, cancellationToken);
    }

    public static SocketsHttpHandler Handler()
    {
        var handler = DatasetDownload.CreateHandler();
        handler.UseProxy = false;
        return handler;
    }
}
