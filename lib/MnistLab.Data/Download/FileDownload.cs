namespace MnistLab.Data;

/// <summary>Gets one file from the first mirror that has it right.</summary>
internal sealed class FileDownload(DatasetFile file, string folder, MirrorClient client, DownloadOptions options, TimeProvider time, ProgressMeter meter)
{
    /// <summary>Asks one mirror after the other, and places the file if one gives it.</summary>
    /// <returns>Whether the file is there now, and why mirrors were skipped.</returns>
    public async Task<(DatasetFile File, bool IsPlaced, IReadOnlyList<MirrorFailure> Failures)> RunAsync(IReadOnlyList<Uri> mirrors, CancellationToken cancellationToken)
    {
        var failures = new List<MirrorFailure>();
        foreach (var mirror in mirrors)
        {
            try
            {
                await FetchAsync(new Uri(mirror, file.Name), options.AnswerTimeout / mirrors.Count, cancellationToken);
                PartFile.RemoveAll(folder, file);
                return (file, true, failures);
            }
            catch (MirrorException error)
            {
                failures.Add(new MirrorFailure(mirror, file.Name, error.Message));
            }
        }

        return (file, false, failures);
    }

    // The loop ends: a beginning from an earlier run can turn out wrong only once, and cuts are counted.
    private async Task FetchAsync(Uri url, TimeSpan limit, CancellationToken cancellationToken)
    {
        var resumptions = 0;
        while (true)
        {
            await using var part = PartFile.Open(folder, file, url);
            var before = part.Length;
            try
            {
                using var answer = await client.OpenAsync(url, part.Origin, before, limit, cancellationToken);
                if (answer.Offset == 0) part.Restart(answer.Origin);
                var wrong = await ReceiveAsync(part, answer, cancellationToken);
                if (wrong is null)
                {
                    meter.Finish(file, part.Length);
                    await part.PlaceAsync(Path.Combine(folder, file.Name));
                    return;
                }

                part.Restart(null);
                if (answer.Offset == 0) throw new MirrorException(wrong);
            }
            catch (MirrorException error) when (error.IsCut && part.Length > before && resumptions++ < options.MaximumResumptions)
            {
                // The rest is asked for in the next round.
            }
        }
    }

    private async Task<string?> ReceiveAsync(PartFile part, MirrorAnswer answer, CancellationToken cancellationToken)
    {
        var (position, total) = (answer.Offset, answer.Origin.Total);
        if (total > file.LongestDownload) return FormattableString.Invariant($"announced {total} bytes, more than this file can have");
        await using var check = new ContentCheck(file);
        if (position > 0) await part.FeedAsync(check, cancellationToken);
        meter.Begin(file, position, total);

        using var arrival = new Arrival(answer.Body, options, time);
        var buffer = new byte[1 << 16];
        while (await arrival.ReadAsync(buffer, cancellationToken) is > 0 and var read)
        {
            position += read;
            if (position > file.LongestDownload) return FormattableString.Invariant($"sent more than {file.LongestDownload} bytes, more than this file can have");
            await part.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            meter.Advance(file, position, total, read);
            if (!await check.WriteAsync(buffer.AsMemory(0, read), cancellationToken)) break;
        }

        return await check.CompleteAsync() is { } wrong ? $"sent {wrong}" : null;
    }
}
