using MnistLab.Testing;

namespace MnistLab.Course.Tests;

public sealed class CoursePagesTests
{
    [Theory]
    [InlineData("en", "<html lang=\"en\">", "Contents")]
    [InlineData("zh", "<html lang=\"zh-CN\">", "目录")]
    public void Write_OfTheNotebooks_MakesAPageInTheLanguageWhoseLinksLeadSomewhere(string language, string tag, string contents)
    {
        using var folder = new TemporaryFolder();
        var notebooks = Directory.GetFiles(Notebooks.Folder.FolderOf(language), "*.ipynb").Order(StringComparer.Ordinal).ToList();

        var page = new CoursePages(Notebooks.Folder).Write(language, notebooks, folder.Path);

        Assert.Equal(folder[$"{language}.html"], page);
        var html = File.ReadAllText(page);
        Assert.Contains(tag, html, StringComparison.Ordinal);
        Assert.Contains(contents, html, StringComparison.Ordinal);
        foreach (var notebook in Directory.GetFiles(folder[language]))
        {
            var links = CourseNotebook.Read(notebook).Texts
                .SelectMany(cell => Prose.Links(cell.Source))
                .Select(link => link.Address)
                .Where(address => !address.Contains("://", StringComparison.Ordinal)
                    && !address.EndsWith(".ipynb", StringComparison.Ordinal)
                    && !address.StartsWith('#'))
                .ToList();
            Assert.All(links, address =>
                Assert.True(File.Exists(Path.Combine(folder.Path, address)), $"{notebook}: {address} leads nowhere."));
            Assert.All(links, address => Assert.Contains($"href=\"{address}\"", html, StringComparison.Ordinal));
        }
    }
}
