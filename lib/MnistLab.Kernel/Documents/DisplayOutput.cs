using System.Text.Json.Nodes;

namespace MnistLab.Kernel;

/// <summary>Something that the cell displayed.</summary>
/// <param name="Data">The same thing in one or more forms.</param>
/// <param name="DisplayId">
/// The name under which a running cell updates this output. It means nothing after the run, so nbformat does not store it:
/// null in a notebook that was read from a file.
/// </param>
public sealed record DisplayOutput(MimeBundle Data, string? DisplayId = null) : NotebookOutput
{
    /// <summary>Gets what the kernel says of the forms beside them, such as the size of an image; null if it says nothing.</summary>
    public JsonObject? Metadata { get; init; }

    /// <summary>Returns whether the other output is the same.</summary>
    public bool Equals(DisplayOutput? other) =>
        other is not null && DisplayId == other.DisplayId && Data.Equals(other.Data) && JsonNode.DeepEquals(Metadata, other.Metadata);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(DisplayId, Data);
}
