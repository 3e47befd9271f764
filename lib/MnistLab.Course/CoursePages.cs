using MnistLab.Kernel;

namespace MnistLab.Course;

/// <summary>The course as pages to read, one a language, from one run of its code.</summary>
public sealed class CoursePages(CourseFolder course)
{
    private const string English = "en";

    private static readonly Dictionary<string, (string Tag, string Title)> Known = new(StringComparer.Ordinal)
    {
        [English] = (English, "MnistLab: handwritten digits in C#"),
        ["zh"] = ("zh-CN", "MnistLab：用 C# 识别手写数字"),
    };

    /// <summary>Writes the pages.</summary>
    /// <param name="executed">The executed English notebooks, in the order in which they are shown.</param>
    /// <param name="folder">Gets <c>en.html</c>, and a page for each other language.</param>
    /// <returns>The pages' files.</returns>
    /// <exception cref="CourseException">A translation is missing.</exception>
    public IReadOnlyList<string> Write(IReadOnlyList<string> executed, string folder)
    {
        ArgumentNullException.ThrowIfNull(executed);
        ArgumentException.ThrowIfNullOrEmpty(folder);
        return [.. course.Languages.Prepend(English).Select(language => Page(language, folder, [.. executed.Select(file => Write(file, language, folder))]))];
    }

    // The code is the same in every language, so its results are, too: nothing has to run again.
    private string Write(string executed, string language, string folder)
    {
        var run = CourseNotebook.Read(executed);
        var source = language == English ? course.Path : Path.Combine(course.Path, language);
        var shown = language == English ? run : course.TranslationOf(executed, language).Apply(run);
        var target = Path.Combine(folder, language, Path.GetFileName(executed));
        shown.WithLinksFrom(source, folder).Save(target);
        return target;
    }

    private static string Page(string language, string folder, IReadOnlyList<string> notebooks)
    {
        var file = Path.Combine(folder, $"{language}.html");
        var (tag, title) = Known.GetValueOrDefault(language, (language, $"MnistLab ({language})"));
        HtmlReport.Write(file, title, [.. notebooks.Select(NotebookDocument.Read)], tag);
        return file;
    }
}
