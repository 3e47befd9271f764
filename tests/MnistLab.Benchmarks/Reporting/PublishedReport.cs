namespace MnistLab.Benchmarks.Reporting;

/// <summary>Represents the report that the project publishes, and its table in the README.</summary>
internal static class PublishedReport
{
    private const string Begin = "<!-- figures: written by `MnistLab.Benchmarks -- publish` -->";
    private const string End = "<!-- end of figures -->";

    /// <summary>Returns the folder of the published report.</summary>
    /// <param name="root">The root of the workspace.</param>
    public static string FolderOf(string root) => Path.Combine(root, "tests", "MnistLab.Benchmarks", "report");

    /// <summary>Returns the text of the README with the table of the published report.</summary>
    /// <param name="readme">The text of the README.</param>
    /// <param name="parts">The report.</param>
    /// <exception cref="InvalidDataException">The README lacks the comments that enclose the table.</exception>
    public static string Insert(string readme, IReadOnlyList<Part> parts)
    {
        var (begin, end) = (readme.IndexOf(Begin, StringComparison.Ordinal), readme.IndexOf(End, StringComparison.Ordinal));
        if (begin < 0 || end < begin) throw new InvalidDataException($"README.md has no lines '{Begin}' and '{End}'.");
        return $"{readme[..(begin + Begin.Length)]}\n\n{MarkdownReport.WriteTable(parts)}\n{readme[end..]}";
    }

    /// <summary>Publishes a report: copies it to the project and writes the table of the README.</summary>
    /// <param name="root">The root of the workspace.</param>
    /// <param name="folder">The folder of the report to publish.</param>
    public static void Publish(string root, string folder)
    {
        var target = Directory.CreateDirectory(FolderOf(root)).FullName;
        foreach (var file in new[] { "report.json", "report.md", "report.html" })
            File.Copy(Path.Combine(folder, file), Path.Combine(target, file), overwrite: true);
        var readme = Path.Combine(root, "README.md");
        File.WriteAllText(readme, Insert(File.ReadAllText(readme), ReportFiles.Read(target)));
    }
}
