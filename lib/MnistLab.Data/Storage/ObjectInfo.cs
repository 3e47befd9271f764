using System.Collections.ObjectModel;

namespace MnistLab.Data;

/// <summary>What a store knows of an object without reading it.</summary>
/// <param name="Url">Where it is.</param>
/// <param name="Length">Its size, in bytes.</param>
/// <param name="LastModified">When it was last written.</param>
/// <param name="ETag">The store's tag of this content, without quotation marks: another content has another tag.</param>
public sealed record ObjectInfo(ObjectUrl Url, long Length, DateTimeOffset LastModified, string ETag)
{
    internal static IReadOnlyDictionary<string, string> NoMetadata { get; } = ReadOnlyDictionary<string, string>.Empty;

    /// <summary>What its writer kept with it (<see cref="PutOptions.Metadata"/>). Listings do not tell it.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = NoMetadata;
}
