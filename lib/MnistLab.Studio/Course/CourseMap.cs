using System.Text.RegularExpressions;
using MnistLab.Kernel.Documents;
using MnistLab.Studio.Preferences;
using MnistLab.Studio.Security;

namespace MnistLab.Studio.Course;

/// <summary>Lists the notebooks of the course, in the language of the page.</summary>
internal sealed partial class CourseMap(WorkspaceFiles files, ProgressStore progress)
{
    private const string Folder = "notebooks";
    private const string CheckCall = "Check.";
    private const string Tick = "✓";

    /// <summary>Returns the notebooks in reading order.</summary>
    /// <param name="isChinese">
    /// Whether to return the Chinese edition; a notebook without one is returned in English.
    /// </param>
    public IReadOnlyList<CourseEntry> Read(bool isChinese)
    {
        var folder = files.Locate(Folder);
        if (!Directory.Exists(folder)) return [];
        return
        [
            .. Directory.GetFiles(folder, "*" + NotebookDocument.Extension).Order(StringComparer.Ordinal)
                .Where(file => NumberedName().IsMatch(Path.GetFileName(file)))
                .Select(file => (English: file, Chinese: Path.Combine(folder, Preference.Chinese, Path.GetFileName(file))))
                .Select(pair => isChinese && File.Exists(pair.Chinese) ? pair.Chinese : pair.English)
                .Select(Describe)
                .OfType<CourseEntry>(),
        ];
    }

    /// <summary>Records the result of a cell if it is a check.</summary>
    /// <param name="path">The path of the notebook in the workspace.</param>
    /// <param name="cell">The ID of the cell.</param>
    /// <param name="source">The code of the cell.</param>
    /// <param name="hasFailed">Whether the cell ended with an error.</param>
    /// <param name="text">The text output of the cell.</param>
    public void Record(string path, string cell, string source, bool hasFailed, string text)
    {
        if (source.Contains(CheckCall, StringComparison.Ordinal))
            progress.Record(Path.GetFileName(path), cell, !hasFailed && text.Contains(Tick, StringComparison.Ordinal));
    }

    private CourseEntry? Describe(string file)
    {
        try
        {
            var notebook = NotebookDocument.Read(file);
            var first = notebook.Cells.FirstOrDefault(cell => cell.Kind == CellKind.Markdown)?.Source ?? "";
            var checks = notebook.Cells
                .Where(cell => cell.Kind == CellKind.Code && cell.Source.Contains(CheckCall, StringComparison.Ordinal))
                .Select(cell => cell.Id)
                .ToList();
            var passed = progress.PassedIn(Path.GetFileName(file));
            var paragraphs = Comment().Replace(first, "")
                .Split("\n\n", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            var title = paragraphs.FirstOrDefault(text => text.StartsWith("# ", StringComparison.Ordinal));
            return new(
                files.NameOf(file),
                title?[2..].Split('\n')[0] ?? Path.GetFileNameWithoutExtension(file),
                paragraphs.FirstOrDefault(text => text[0] is not ('#' or '|')) ?? "",
                checks.Count(passed.Contains),
                checks.Count);
        }
        catch (Exception error) when (error is NotebookFormatException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    // Excludes names with another dot, such as those of copies that are kept beside a notebook.
    [GeneratedRegex(@"^[^.]+\.ipynb\z")]
    private static partial Regex NumberedName();

    [GeneratedRegex("<!--.*?-->", RegexOptions.Singleline)]
    private static partial Regex Comment();
}
