using System.Text.RegularExpressions;

namespace MnistLab.Course.Tests;

/// <summary>Tests the glossaries: each term is used, has the same meaning everywhere, and has one spelling.</summary>
public sealed partial class GlossaryTests
{
    private static readonly ILookup<string, (CourseNotebook Notebook, string Meaning)> Terms = Notebooks.English
        .SelectMany(notebook => notebook.Texts
            .Where(cell => cell.Source.StartsWith("## Glossary", StringComparison.Ordinal))
            .SelectMany(cell => Entry().Matches(cell.Source))
            .Select(match => (Term: match.Groups[1].Value, Notebook: notebook, Meaning: match.Groups[2].Value)))
        .ToLookup(entry => entry.Term, entry => (entry.Notebook, entry.Meaning), StringComparer.Ordinal);

    [Fact]
    public void Terms_OfAllGlossaries_HaveOneMeaningAndAreInOrder()
    {
        Assert.NotEmpty(Terms);
        Assert.All(Terms, term => Assert.Single(term.Select(entry => entry.Meaning).Distinct()));
        foreach (var notebook in Notebooks.English)
        {
            var own = Terms
                .Where(term => term.Any(entry => entry.Notebook == notebook))
                .Select(term => term.Key)
                .ToHashSet(StringComparer.Ordinal);
            var written = Entry().Matches(notebook.Texts.Single(cell => cell.Source.StartsWith(
                "## Glossary", StringComparison.Ordinal)).Source).Select(match => match.Groups[1].Value).ToList();
            Assert.Equal(own.Count, written.Count);
            Assert.Equal(written.Order(StringComparer.OrdinalIgnoreCase), written);
        }
    }

    [Fact]
    public void Terms_OfAGlossary_AreUsedInItsNotebook()
    {
        foreach (var term in Terms)
        {
            foreach (var (notebook, _) in term)
            {
                var elsewhere = string.Join("\n", notebook.Texts
                    .Where(cell => !cell.Source.StartsWith("## Glossary", StringComparison.Ordinal))
                    .Select(cell => Prose.Of(cell.Source)));
                Assert.True(
                    elsewhere.Contains(term.Key, StringComparison.OrdinalIgnoreCase),
                    $"{notebook.Name}: the term '{term.Key}' is explained, but not used.");
            }
        }
    }

    [Fact]
    public void Terms_InTheProse_AreSpelledAsInTheGlossary()
    {
        var texts = Notebooks.English.SelectMany(notebook => notebook.Texts.Select(cell => (Where: cell.Id, Text: Prose.Of(cell.Source))))
            .Append(("README.md", Prose.Of(File.ReadAllText(Path.Combine(Notebooks.Folder.Path, "README.md"))))).ToList();

        foreach (var term in Terms.Select(term => term.Key))
        {
            foreach (var (where, text) in texts)
            {
                foreach (Match found in AnySpelling(term).Matches(text))
                {
                    var expected = char.IsUpper(found.Value[0]) ? char.ToUpperInvariant(term[0]) + term[1..] : term;
                    Assert.True(found.Value == expected, $"{where}: '{found.Value}' is '{term}' in the glossary.");
                }
            }
        }
    }

    // "data set", "Data-set", and "dataset" are spellings of one term.
    private static Regex AnySpelling(string term) => new(
        @"(?<![\w-])" + string.Join("[ -]?", term
            .Where(letter => letter is not (' ' or '-'))
            .Select(letter => Regex.Escape($"{letter}"))) + @"(?![\w-])",
        RegexOptions.IgnoreCase);

    [GeneratedRegex(@"^- \*\*(.+?)\*\*: (.+)$", RegexOptions.Multiline)]
    private static partial Regex Entry();
}
