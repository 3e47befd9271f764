namespace MnistLab.Course;

/// <summary>A file of the course is not as it has to be; the message says where, and what to do.</summary>
public sealed class CourseException(string file, string message) : IOException($"{file}: {message}")
{
    /// <summary>The file.</summary>
    public string File { get; } = file;
}
