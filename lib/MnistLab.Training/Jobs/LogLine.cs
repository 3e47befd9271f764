namespace MnistLab.Training.Jobs;

/// <summary>A line of a worker's log.</summary>
/// <param name="Number">Its number, from 1.</param>
/// <param name="Text">The line, without its end.</param>
public sealed record LogLine(int Number, string Text)
{
    /// <summary>The line after its number.</summary>
    public override string ToString() => $"{Number}: {Text}";
}
