using System.Text.Json.Serialization;
using MnistLab.Storage;

namespace MnistLab.Models.Registry;

/// <summary>One version of a model in the registry. A version never changes once it is published.</summary>
/// <param name="Name">The model's name.</param>
/// <param name="Version">Its version.</param>
/// <param name="Status">Where it stands.</param>
/// <param name="Reason">Why it failed; null unless it did.</param>
/// <param name="Source">Where it was imported from: the prefix that holds <c>model/</c>.</param>
/// <param name="Created">When it was imported.</param>
/// <param name="Metrics">How good it is; null where its package does not say.</param>
/// <param name="Description">What it is, for people to read; empty if nobody said.</param>
/// <param name="Updated">When the record was last written.</param>
/// <param name="Size">The package in bytes; 0 until it is there.</param>
public sealed record RegisteredModel(
    string Name,
    ModelVersion Version,
    ModelStatus Status,
    string? Reason,
    string Source,
    DateTimeOffset Created,
    ModelMetrics? Metrics,
    string Description = "",
    DateTimeOffset Updated = default,
    long Size = 0)
{
    internal const string RecordName = "model.json";

    /// <summary>
    /// Gets the SHA-256 of each file that belongs to this version, in hexadecimal, by its key relative to <see
    /// cref="Location"/>; null for a version that was imported before the registry recorded them.
    /// </summary>
    public IReadOnlyDictionary<string, string>? Files { get; init; }

    /// <summary>Where the registry keeps this version: the prefix that holds its record and its package.</summary>
    [JsonIgnore]
    public ObjectUrl Location { get; internal init; } = null!;

    /// <summary>Where its package is: the prefix of <c>config.json</c>.</summary>
    [JsonIgnore]
    public ObjectUrl Package => Location / PackageFiles.Folder;

    /// <summary>The model in one line, for people to read.</summary>
    public override string ToString() => $"{Name} {Version}: {Status.ConsoleName()}";
}
