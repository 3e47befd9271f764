namespace MnistLab.EndToEnd;

/// <summary>Represents the results of a run of the course.</summary>
/// <param name="Output">The output of the command.</param>
/// <param name="Notebooks">The executed notebooks by their names, with the cells of the examination at their ends.</param>
public sealed record ExaminedCourseRun(string Output, IReadOnlyDictionary<string, ExecutedNotebook> Notebooks);
