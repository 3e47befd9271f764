namespace MnistLab.Course;

/// <summary>
/// The exception that is thrown when a file of the course is missing or not valid; the message names the file and the
/// problem.
/// </summary>
public sealed class CourseException(string file, string message) : IOException($"{file}: {message}")
{
    /// <summary>Gets the path of the file.</summary>
    public string File { get; } = file;
}
