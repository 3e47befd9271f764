using MnistLab.Testing;

namespace MnistLab.Course.Tests;

public sealed class CoursePagesTests
{
    [Fact]
    public void Write_OfTheNotebooks_MakesAPagePerLanguageWhoseLinksLeadSomewhere()
    {
        using var folder = new TemporaryFolder();

        var pages = new CoursePages(Notebooks.Folder).Write(Notebooks.Folder.Notebooks, folder.Path);

        Assert.Equal([folder["en.html"], folder["zh.html"]], pages);
        Assert.Contains("<html lang=\"en\">", File.ReadAllText(pages[0]), StringComparison.Ordinal);
        Assert.Contains("<html lang=\"zh-CN\">", File.ReadAllText(pages[1]), StringComparison.Ordinal);
        Assert.Contains("目录", File.ReadAllText(pages[1]), StringComparison.Ordinal);
        foreach (var (page, notebook) in pages.SelectMany(page => Directory.GetFiles(folder[Path.GetFileNameWithoutExtension(page)]).Select(notebook => (page, notebook))))
        {
            var links = CourseNotebook.Read(notebook).Texts.SelectMany(cell => Prose.Links(cell.Source)).Select(link => link.Address).Where(address => !address.Contains("://", StringComparison.Ordinal) && !address.EndsWith(".ipynb", StringComparison.Ordinal)).ToList();
            Assert.All(links, address => Assert.True(File.Exists(Path.Combine(folder.Path, address)), $"{notebook}: {address} leads nowhere."));
            Assert.All(links, address => Assert.Contains($"href=\"{address}\"", File.ReadAllText(page), StringComparison.Ordinal));
        }
    }
}
