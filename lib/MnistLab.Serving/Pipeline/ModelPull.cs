using Microsoft.Extensions.Logging;
using MnistLab.Models.Registry;
using MnistLab.Serving.Instances;
using MnistLab.Storage;

namespace MnistLab.Serving.Pipeline;

/// <summary>
/// Downloads the models of a service from the object store and verifies them. Transient failures of the store are
/// retried with exponential back-off; other failures are not retried.
/// </summary>
internal sealed class ModelPull(PullSettings settings, TimeProvider time, ILogger<ModelPull> log)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan MaxPause = TimeSpan.FromSeconds(10);

    /// <summary>Downloads the packages of the versions to their folders.</summary>
    /// <exception cref="MnistLab.Models.ModelImportException">A package is missing or damaged.</exception>
    /// <exception cref="ObjectStoreException">The store denied access or could not be reached in time.</exception>
    /// <exception cref="MnistLab.Hosting.ScratchFolderException">The disk of the temporary folder is full.</exception>
    public async Task RunAsync(IEnumerable<ServedVersion> versions, CancellationToken cancellationToken)
    {
        foreach (var version in versions) await DownloadAsync(version, cancellationToken);
    }

    private async Task DownloadAsync(ServedVersion version, CancellationToken cancellationToken)
    {
        var (start, pause) = (time.GetTimestamp(), FirstPause);
        log.LogInformation("Downloading {Location} from {Store}.", version.Location, settings.Store.Location);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                var record = await settings.Scratch.UseAsync(_ => ModelDownload.DownloadAsync(
                    settings.Store,
                    ObjectUrl.Parse(version.Location),
                    Path.GetDirectoryName(version.PackageFolder)!,
                    cancellationToken));
                Log(version.Location, record?.Files?.Count);
                return;
            }
            catch (ObjectStoreException exception)
                when (IsTransient(exception) && time.GetElapsedTime(start) + pause < settings.Timeout)
            {
                log.LogWarning(
                    "Attempt {Attempt} failed; the next one is in {Pause} s. {Message}",
                    attempt,
                    pause.TotalSeconds,
                    exception.Message);
                await Task.Delay(pause, time, cancellationToken);
                pause = pause * 2 < MaxPause ? pause * 2 : MaxPause;
            }
        }
    }

    private void Log(string location, int? files)
    {
        if (files is null) log.LogWarning("Downloaded {Location}; it has no hashes, so its files were not verified.", location);
        else log.LogInformation("Downloaded {Location}; {Count} files match their hashes.", location, files);
    }

    private static bool IsTransient(ObjectStoreException exception) =>
        exception.Error is ObjectStoreError.Unavailable or ObjectStoreError.Corrupted;
}
