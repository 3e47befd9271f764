using MnistLab.Benchmarks.Reporting;
using MnistLab.Data.Workspaces;

namespace MnistLab.Course.Tests;

/// <summary>Tests that the benchmark report and its table in the README agree.</summary>
public sealed class PublishedReportTests
{
    [Fact]
    public void Readme_TableOfFigures_IsThatOfThePublishedReport()
    {
        var root = Workspace.Find().Root;
        var readme = File.ReadAllText(Path.Combine(root, "README.md"));

        Assert.Equal(PublishedReport.Insert(readme, ReportFiles.Read(PublishedReport.FolderOf(root))), readme);
    }

    [Fact]
    public void Report_OfAPartThatRunsAgain_ReplacesItAndKeepsTheOthers()
    {
        var folder = Directory.CreateTempSubdirectory().FullName;
        try
        {
            ReportFiles.Write(folder, [PartOf("store", 0.8), PartOf("idx", 1.5)], ["idx", "store"]);
            ReportFiles.Write(folder, [PartOf("idx", 1.1)], ["idx", "store"]);

            var parts = ReportFiles.Read(folder);
            Assert.Equal([("idx", 1.1), ("store", 0.8)], parts.Select(part => (part.Name, part.Rows[0].Value)));
            Assert.Contains("| a figure | 1.10 (1.00–1.20) **short** | ≤ 1.00 |", MarkdownReport.WriteTable(parts)
                .Replace("`idx` ", "", StringComparison.Ordinal).Replace("|  |", "|", StringComparison.Ordinal), StringComparison.Ordinal);
            var page = File.ReadAllText(Path.Combine(folder, "report.html"));
            Assert.Contains("a figure", page, StringComparison.Ordinal);
            Assert.DoesNotContain("<script", page, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Theory]
    [InlineData(0.9, true, true)]
    [InlineData(1.1, true, false)]
    [InlineData(0.9, false, false)]
    [InlineData(1.1, false, true)]
    public void Row_OnOneSideOfItsBar_IsMetOrNot(double value, bool isCeiling, bool isMet) =>
        Assert.Equal(isMet, new Row("a figure", value, null, null, isCeiling, 1, "").IsMet);

    private static Part PartOf(string name, double value) => new(name, DateTimeOffset.UnixEpoch, 1, Machine.Describe())
    {
        Rows = [new Row("a figure", value, 1, 1.2, true, 1, "3 and 3 ms")],
    };
}
