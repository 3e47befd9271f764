namespace MnistLab.Kernel.Documents;

/// <summary>Represents the error that ended the cell.</summary>
/// <param name="Name">The name of the error, usually the type of the exception; <c>ename</c> in nbformat.</param>
/// <param name="Message">The error message; <c>evalue</c> in nbformat.</param>
/// <param name="Traceback">The lines of the traceback, which may contain ANSI escape sequences.</param>
public sealed record ErrorOutput(string Name, string Message, IReadOnlyList<string> Traceback) : NotebookOutput
{
    /// <summary>Returns whether another error has the same name, message, and traceback.</summary>
    public bool Equals(ErrorOutput? other) =>
        other is not null && Name == other.Name && Message == other.Message && Traceback.SequenceEqual(other.Traceback);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Name, Message, Traceback.Count);
}
