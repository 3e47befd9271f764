using System.Text.Json.Nodes;

namespace MnistLab.Kernel;

/// <summary>The value of the cell's last expression.</summary>
/// <param name="ExecutionCount">The number of the execution that had this result, from 1.</param>
/// <param name="Data">The value in one or more forms.</param>
public sealed record ResultOutput(int ExecutionCount, MimeBundle Data) : NotebookOutput
{
    /// <summary>Gets what the kernel says of the forms beside them, such as the size of an image; null if it says nothing.</summary>
    public JsonObject? Metadata { get; init; }

    /// <summary>Returns whether the other output is the same.</summary>
    public bool Equals(ResultOutput? other) =>
        other is not null && ExecutionCount == other.ExecutionCount && Data.Equals(other.Data) && JsonNode.DeepEquals(Metadata, other.Metadata);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(ExecutionCount, Data);
}
