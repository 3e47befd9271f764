using System.Text.Json.Nodes;

namespace MnistLab.Kernel.Documents;

/// <summary>Represents the value of the last expression of the cell.</summary>
/// <param name="ExecutionCount">The 1-based number of the execution that produced the result.</param>
/// <param name="Data">The value in one or more representations.</param>
public sealed record ResultOutput(int ExecutionCount, MimeBundle Data) : NotebookOutput
{
    /// <summary>
    /// Gets the metadata of the representations, such as the size of an image; null if there is none.
    /// </summary>
    public JsonObject? Metadata { get; init; }

    /// <summary>Returns whether another output has the same execution number, data, and metadata.</summary>
    public bool Equals(ResultOutput? other) =>
        other is not null
            && ExecutionCount == other.ExecutionCount
            && Data.Equals(other.Data)
            && JsonNode.DeepEquals(Metadata, other.Metadata);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(ExecutionCount, Data);
}
