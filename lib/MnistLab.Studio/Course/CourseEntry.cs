namespace MnistLab.Studio.Course;

/// <summary>Represents a notebook of the course.</summary>
/// <param name="Path">The path in the workspace.</param>
/// <param name="Title">The title.</param>
/// <param name="Summary">A description of what the reader learns, in Markdown.</param>
/// <param name="Passed">The number of checks that passed.</param>
/// <param name="Checks">The number of checks.</param>
internal sealed record CourseEntry(string Path, string Title, string Summary, int Passed, int Checks);
