namespace MnistLab.Training.Jobs;

/// <summary>Represents a line of a worker's log.</summary>
/// <param name="Number">The line number, from 1.</param>
/// <param name="Text">The text of the line, without the line ending.</param>
public sealed record LogLine(int Number, string Text)
{
    /// <summary>Returns the line number followed by the text.</summary>
    public override string ToString() => $"{Number}: {Text}";
}
