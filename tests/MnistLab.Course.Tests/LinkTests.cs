namespace MnistLab.Course.Tests;

/// <summary>Tests the links in the notebooks of every language and in the map of the course.</summary>
public sealed class LinkTests
{
    public static TheoryData<string> Files => [.. Directory
        .GetFiles(Notebooks.Folder.Path, "*.ipynb", SearchOption.AllDirectories)
        .Concat(Directory.GetFiles(Notebooks.Folder.Path, "README.md", SearchOption.AllDirectories))
        .Select(file => Path.GetRelativePath(Notebooks.Folder.Path, file))];

    [Theory, MemberData(nameof(Files))]
    public void Links_ToFiles_LeadToFiles(string file)
    {
        var path = Path.Combine(Notebooks.Folder.Path, file);
        string[] texts = path.EndsWith(".md", StringComparison.Ordinal)
            ? [File.ReadAllText(path)]
            : [.. CourseNotebook.Read(path).Texts.Select(cell => cell.Source)];

        foreach (var (text, address) in texts.SelectMany(Prose.Links))
        {
            if (address.StartsWith('#'))
                Assert.True(
                    Prose.Headings(texts).Select(heading => heading.Replace(' ', '-')).Contains(address[1..]),
                    $"{file}: there is no heading for the link [{text}]({address}).");
            else if (address.StartsWith("https://", StringComparison.Ordinal))
                Assert.True(Uri.TryCreate(address, UriKind.Absolute, out _), address);
            else
                Assert.True(
                    File.Exists(Path.Combine(Path.GetDirectoryName(path)!, address)),
                    $"{file}: the link [{text}]({address}) leads nowhere.");
        }
    }
}
