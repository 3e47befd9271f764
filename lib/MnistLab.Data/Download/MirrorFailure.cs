namespace MnistLab.Data.Download;

/// <summary>Why a mirror did not give a file.</summary>
/// <param name="Mirror">The mirror's address.</param>
/// <param name="File">The file's name.</param>
/// <param name="Reason">The reason, in words that continue "the mirror …".</param>
public sealed record MirrorFailure(Uri Mirror, string File, string Reason)
{
    /// <summary>
    /// One line for each mirror that failed for all files with one reason, and else one for each file:
    /// mirrors in their order, so that the lines read as the download went.
    /// </summary>
    internal static IReadOnlyList<string> Lines(IEnumerable<MirrorFailure> failures)
    {
        var lines = new List<string>();
        foreach (var mirror in failures.GroupBy(failure => failure.Mirror))
        {
            var byReason = mirror.GroupBy(failure => failure.Reason, StringComparer.Ordinal).ToArray();
            if (byReason is [{ Key: var reason } all] && all.Count() > 1) lines.Add($"{mirror.Key}: {reason}");
            else lines.AddRange(mirror.Select(failure => $"{mirror.Key}{failure.File}: {failure.Reason}"));
        }

        return lines;
    }
}
