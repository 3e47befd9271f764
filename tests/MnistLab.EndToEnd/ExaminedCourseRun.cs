namespace MnistLab.EndToEnd;

/// <summary>What a run of the course left.</summary>
/// <param name="Output">What the command wrote.</param>
/// <param name="Notebooks">The executed notebooks by their names, with the cells of the examination at their ends.</param>
public sealed record ExaminedCourseRun(string Output, IReadOnlyDictionary<string, ExecutedNotebook> Notebooks);
