using MnistLab.Kernel;

namespace MnistLab.Course;

/// <summary>The course as pages to read, one a language, from one run of its code.</summary>
public sealed class CoursePages(CourseFolder course)
{
    private static readonly Dictionary<string, (string Tag, string Title)> Known = new(StringComparer.Ordinal)
    {
        ["en"] = ("en", "MnistLab: handwritten digits in C#"),
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
        return [Page("en", folder, executed), .. course.Languages.Select(language => Translated(language, folder, executed))];
    }

    // The code is the same, so its results are, too: nothing has to run again.
    private string Translated(string language, string folder, IReadOnlyList<string> executed)
    {
        var translated = new List<string>();
        foreach (var file in executed)
        {
            var target = Path.Combine(folder, language, Path.GetFileName(file));
            course.TranslationOf(file, language).Apply(CourseNotebook.Read(file)).Save(target);
            translated.Add(target);
        }

        return Page(language, folder, translated);
    }

    private static string Page(string language, string folder, IReadOnlyList<string> notebooks)
    {
        var file = Path.Combine(folder, $"{language}.html");
        var (tag, title) = Known.GetValueOrDefault(language, (language, $"MnistLab ({language})"));
        HtmlReport.Write(file, title, [.. notebooks.Select(NotebookDocument.Read)], tag);
        return file;
    }
}
