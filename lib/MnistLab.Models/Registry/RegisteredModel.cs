using System.Text.Json.Serialization;
using MnistLab.Storage;

namespace MnistLab.Models.Registry;

/// <summary>
/// Represents a version of a model in the registry. The package of a published version never changes.
/// </summary>
/// <param name="Name">The name of the model.</param>
/// <param name="Version">The version of the model.</param>
/// <param name="Status">The status of the version.</param>
/// <param name="Reason">The reason for a failure; null unless the version has failed.</param>
/// <param name="Source">The location from which the model was imported: the prefix that contains <c>model/</c>.</param>
/// <param name="Created">The time of the import.</param>
/// <param name="Metrics">The metrics of the model; null if its package has none.</param>
/// <param name="Description">The description; empty if there is none.</param>
/// <param name="Updated">The time at which the record was last written.</param>
/// <param name="Size">The size of the package in bytes; 0 until it is uploaded.</param>
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
    /// Gets the SHA-256 of each file that belongs to this version, in hexadecimal, by its key relative to
    /// <see cref="Location"/>; null for a version that was imported before the registry recorded hashes.
    /// </summary>
    public IReadOnlyDictionary<string, string>? Files { get; init; }

    /// <summary>
    /// Gets the location of this version in the registry: the prefix that contains its record and its package.
    /// </summary>
    [JsonIgnore]
    public ObjectUrl Location { get; internal init; } = null!;

    /// <summary>Gets the location of the package: the prefix that contains <c>config.json</c>.</summary>
    [JsonIgnore]
    public ObjectUrl Package => Location / PackageFiles.Folder;

    /// <summary>Returns a one-line description of the version.</summary>
    public override string ToString() => $"{Name} {Version}: {Status.ConsoleName()}";
}
