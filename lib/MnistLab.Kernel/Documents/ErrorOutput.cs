namespace MnistLab.Kernel;

/// <summary>The failure that ended the cell.</summary>
/// <param name="Name">The kind of failure, usually the exception's type; <c>ename</c> in nbformat.</param>
/// <param name="Message">What went wrong; <c>evalue</c> in nbformat.</param>
/// <param name="Traceback">Where it went wrong, line by line; may hold ANSI escape sequences.</param>
public sealed record ErrorOutput(string Name, string Message, IReadOnlyList<string> Traceback) : NotebookOutput
{
    /// <summary>Whether the other failure has the same name, message and traceback.</summary>
    public bool Equals(ErrorOutput? other) =>
        other is not null && Name == other.Name && Message == other.Message && Traceback.SequenceEqual(other.Traceback);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Name, Message, Traceback.Count);
}
