using MnistLab.Kernel.Documents;
using MnistLab.Kernel.Reports;

namespace MnistLab.Course;

/// <summary>Renders the course as HTML pages, one for each language.</summary>
public sealed class CoursePages(CourseFolder course)
{
    private static readonly Dictionary<string, (string Tag, string Title)> Known = new(StringComparer.Ordinal)
    {
        [CourseFolder.English] = (CourseFolder.English, "MnistLab: handwritten digits in C#"),
        ["zh"] = ("zh-CN", "MnistLab：用 C# 识别手写数字"),
    };

    /// <summary>Writes the page of a language, such as <c>en.html</c>.</summary>
    /// <param name="language">
    /// The language, as its folder is named; <see cref="CourseFolder.English"/> for the original notebooks.
    /// </param>
    /// <param name="executed">The files of the executed notebooks in that language, in display order.</param>
    /// <param name="folder">The folder to write the page to.</param>
    /// <returns>The file of the page.</returns>
    public string Write(string language, IReadOnlyList<string> executed, string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(language);
        ArgumentNullException.ThrowIfNull(executed);
        ArgumentException.ThrowIfNullOrEmpty(folder);
        var notebooks = executed.Select(file => Write(file, language, folder)).ToList();
        var page = Path.Combine(folder, $"{language}.html");
        var (tag, title) = Known.GetValueOrDefault(language, (language, $"MnistLab ({language})"));
        HtmlReport.Write(page, title, [.. notebooks.Select(NotebookDocument.Read)], tag);
        return page;
    }

    private string Write(string executed, string language, string folder)
    {
        var target = Path.Combine(folder, language, Path.GetFileName(executed));
        CourseNotebook.Read(executed).WithLinksFrom(course.FolderOf(language), folder).Save(target);
        return target;
    }
}
