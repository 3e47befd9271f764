namespace MnistLab.Studio.Course;

/// <summary>A notebook of the course.</summary>
/// <param name="Path">Its path in the workspace.</param>
/// <param name="Title">Its title.</param>
/// <param name="Summary">What one learns, in Markdown.</param>
/// <param name="Passed">The number of its checks that have passed.</param>
/// <param name="Checks">The number of its checks.</param>
internal sealed record CourseEntry(string Path, string Title, string Summary, int Passed, int Checks);
