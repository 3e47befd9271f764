namespace MnistLab.Data.Download;

/// <summary>Represents the reason why a mirror did not provide a file.</summary>
/// <param name="Mirror">The address of the mirror.</param>
/// <param name="File">The name of the file.</param>
/// <param name="Reason">The reason, phrased to follow "the mirror".</param>
public sealed record MirrorFailure(Uri Mirror, string File, string Reason)
{
    /// <summary>
    /// Returns one line for each mirror that failed for several files for the same reason, and otherwise one line for
    /// each file, in the order in which the mirrors were tried.
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
