using System.Text.Json.Nodes;

namespace MnistLab.Kernel.Documents;

/// <summary>Represents data that the cell displayed.</summary>
/// <param name="Data">The data in one or more representations.</param>
/// <param name="DisplayId">
/// The ID by which a running cell updates this output. It has no meaning after the run and is not part of nbformat, so
/// it is null in a notebook that was read from a file.
/// </param>
public sealed record DisplayOutput(MimeBundle Data, string? DisplayId = null) : NotebookOutput
{
    /// <summary>
    /// Gets the metadata of the representations, such as the size of an image; null if there is none.
    /// </summary>
    public JsonObject? Metadata { get; init; }

    /// <summary>Returns whether another output has the same data, ID, and metadata.</summary>
    public bool Equals(DisplayOutput? other) =>
        other is not null && DisplayId == other.DisplayId && Data.Equals(other.Data) && JsonNode.DeepEquals(Metadata, other.Metadata);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(DisplayId, Data);
}
