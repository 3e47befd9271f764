namespace MnistLab.Data;

/// <summary>How an object is written.</summary>
public sealed record PutOptions
{
    private const int LongestMetadata = 2048;

    internal static PutOptions Default { get; } = new();

    /// <summary>
    /// Facts of the writer's own to keep with the object: names of <c>a</c>–<c>z</c>, <c>0</c>–<c>9</c> and hyphens, values of printable ASCII
    /// without spaces at the ends, 2,048 characters in all.
    /// </summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = ObjectInfo.NoMetadata;

    /// <summary>
    /// Writes only if there is no object yet, and fails with <see cref="ObjectStoreError.AlreadyExists"/> if there is one: of any number of writers at most one succeeds.
    /// Where an answer is lost and the request is repeated, it may be none: look at the object then. A server takes at most 32 MiB so, and OBS nothing.
    /// </summary>
    public bool OnlyIfAbsent { get; init; }

    internal void Require(ObjectUrl url)
    {
        var problem = Metadata.Sum(pair => pair.Key.Length + pair.Value.Length) > LongestMetadata ? $"its metadata are longer than {LongestMetadata} characters"
            : Metadata.Keys.FirstOrDefault(name => name.Length == 0 || !name.All(c => c is '-' or (>= 'a' and <= 'z') or (>= '0' and <= '9'))) is { } name ? $"'{name}' is no name of metadata (a–z, 0–9 and hyphens)"
            : Metadata.FirstOrDefault(pair => pair.Value.Any(c => c is < ' ' or > '~') || pair.Value.Trim() != pair.Value).Key is { } bad ? $"the value of '{bad}' in its metadata is not printable ASCII without spaces at the ends"
            : null;
        if (problem is not null) throw new ObjectStoreException(ObjectStoreError.InvalidRequest, $"{url} cannot be written: {problem}. Change it, or put it into the object.");
    }
}
