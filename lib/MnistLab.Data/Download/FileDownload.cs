using MnistLab.Data.Datasets;
using MnistLab.Hosting;

namespace MnistLab.Data.Download;

/// <summary>Downloads one file from the first mirror that provides a valid copy.</summary>
internal sealed class FileDownload(
    DatasetFile file, string folder, MirrorClient client, DownloadOptions options, TimeProvider time, ProgressMeter meter)
{
    private const int BufferLength = 1 << 16;

    /// <summary>Tries one mirror after another, and writes the file as soon as one provides it.</summary>
    /// <returns>Whether the file was written, and the failures of the mirrors that were skipped.</returns>
    public async Task<(DatasetFile File, bool IsPlaced, IReadOnlyList<MirrorFailure> Failures)> RunAsync(
        IReadOnlyList<Uri> mirrors, CancellationToken cancellationToken)
    {
        var failures = new List<MirrorFailure>();
        foreach (var mirror in mirrors)
        {
            try
            {
                using var response = await client.OpenAsync(
                    new Uri(mirror, file.Name), options.ResponseTimeout / mirrors.Count, cancellationToken);
                // The file appears under its name only after its content has been verified.
                await AtomicFile.WriteAsync(
                    Path.Combine(folder, file.Name), target => ReceiveAsync(response, target, cancellationToken));
                return (file, true, failures);
            }
            catch (MirrorException error)
            {
                failures.Add(new MirrorFailure(mirror, file.Name, error.Message));
            }
        }

        return (file, false, failures);
    }

    private async Task ReceiveAsync(MirrorResponse response, FileStream target, CancellationToken cancellationToken)
    {
        if (response.Length > file.MaxDownload) throw TooLong("announced", response.Length.Value);
        meter.Begin(file, response.Length);
        using var body = new ThroughputGuard(response.Body, options, time);
        var buffer = new byte[BufferLength];
        var position = 0L;
        while (await body.ReadAsync(buffer, cancellationToken) is > 0 and var read)
        {
            position += read;
            if (position > file.MaxDownload) throw TooLong("sent more than", file.MaxDownload);
            await target.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            meter.Advance(file, position, response.Length, read);
        }

        target.Position = 0;
        if (await ContentCheck.VerifyAsync(target, file, cancellationToken) is { } wrong)
            throw new MirrorException($"sent {wrong}");
        target.Flush(flushToDisk: true);
        meter.Finish(file, position);
    }

    private static MirrorException TooLong(string what, long length) =>
        new(FormattableString.Invariant($"{what} {length} bytes, more than this file can have"));
}
