using MnistLab.Kernel.Documents;

namespace MnistLab.Course.Tests;

/// <summary>Tests that the course in other languages is in sync with the English one, and has the same code.</summary>
public sealed class TranslationTests
{
    [Fact]
    public void Languages_OfTheCourse_AreChineseBesideEnglish() => Assert.Equal(["zh"], Notebooks.Folder.Languages);

    [Theory, MemberData(nameof(Notebooks.Translations), MemberType = typeof(Notebooks))]
    public void Translation_OfANotebook_IsInStep(string language, string name)
    {
        var english = Notebooks.Named(name);

        Assert.Empty(Notebooks.Folder.TranslationOf(english.File, language).ProblemsWith(english));
    }

    [Theory, MemberData(nameof(Notebooks.Translations), MemberType = typeof(Notebooks))]
    public void TranslatedNotebook_AsCommitted_IsWhatTheTranslationMakes(string language, string name)
    {
        var english = Notebooks.Named(name);
        var file = Notebooks.Folder.TranslatedFile(english.File, language);

        Assert.True(Notebooks.Folder.TranslationOf(english.File, language).Apply(english).ToString() == File
            .ReadAllText(file)
            .ReplaceLineEndings("\n"), $"{file} is not up to date: run 'mnistlab course translate'.");
    }

    [Theory, MemberData(nameof(Notebooks.Translations), MemberType = typeof(Notebooks))]
    public void TranslatedNotebook_ComparedWithTheEnglish_HasTheSameCodeAndTheSameNumbers(string language, string name)
    {
        var english = Notebooks.Named(name);
        var translated = CourseNotebook.Read(Notebooks.Folder.TranslatedFile(english.File, language));

        Assert.Equal(english.Code.Select(cell => (cell.Id, CodeShape.Of(cell.Source))), translated.Code.Select(
            cell => (cell.Id, CodeShape.Of(cell.Source.Replace("\"../../", "\"../", StringComparison.Ordinal)))));
        Assert.Equal(
            english.Texts.SelectMany(ExerciseAnswer.In).Select(answer => CodeShape.Of(answer.Code)),
            translated.Texts.SelectMany(ExerciseAnswer.In).Select(answer => CodeShape.Of(answer.Code)));
        foreach (var (original, text) in english.Cells.Zip(translated.Cells).Where(pair => pair.First.Kind != CellKind.Code))
            Assert.True(
                Figures(original.Source).SetEquals(Figures(text.Source)),
                $"Cell {text.Id}: the numbers are {string.Join(", ", Figures(text.Source))}, in English {string.Join(", ", Figures(original.Source))}.");
    }

    [Fact]
    public void ProblemsWith_AChangedAMissingAndASuperfluousText_NamesEach()
    {
        using var folder = new MnistLab.Testing.TemporaryFolder();
        var english = Notebooks.English[0];
        var (first, second) = (english.Texts.First(), english.Texts.ElementAt(1));
        var others = english.Texts.Skip(2).Select(cell =>
            $"<!-- cell {cell.Id} of {Translation.HashOf(cell.Source)} -->\n{string.Concat(Enumerable.Repeat(Translation.CodeMark, ExerciseAnswer.In(cell).Count()))}\n");
        File.WriteAllText(
            folder["a.md"],
            $"<!-- cell {first.Id} of 00000000 -->\n一\n<!-- cell gone of 00000000 -->\n二\n{string.Concat(others)}");

        // No phrase of its code is translated either; phrases have separate tests.
        var problems = Translation
            .Read(folder["a.md"])
            .ProblemsWith(english)
            .Where(problem => !problem.StartsWith("the code of cell", StringComparison.Ordinal))
            .ToList();

        Assert.Equal(3, problems.Count);
        Assert.Contains($"cell {first.Id} has changed", problems[0], StringComparison.Ordinal);
        Assert.Contains(
            $"cell {second.Id} is not translated: add <!-- cell {second.Id} of {Translation.HashOf(second.Source)} -->",
            problems[1],
            StringComparison.Ordinal);
        Assert.Contains("cell gone is not in", problems[2], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("text\n<!-- cell a of 00000000 -->\n一", "text precedes the first mark")]
    [InlineData("<!-- cell a of 00000000 -->\n一\n<!-- cell a of 00000000 -->\n二", "cell a appears twice")]
    public void Read_AMalformedTranslation_SaysWhere(string content, string expected)
    {
        using var folder = new MnistLab.Testing.TemporaryFolder();
        File.WriteAllText(folder["a.md"], content);

        var error = Assert.Throws<CourseException>(() => Translation.Read(folder["a.md"]));

        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.StartsWith(folder["a.md"], error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void CourseFolder_WithoutANotebook_SaysSo()
    {
        using var folder = new MnistLab.Testing.TemporaryFolder();
        File.WriteAllText(folder["a.ipynb"], "{}");

        Assert.Contains(
            "it contains no notebook",
            Assert.Throws<CourseException>(() => new CourseFolder(folder["nowhere"])).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "has no 'nbformat'",
            Assert.Throws<NotebookFormatException>(() => CourseNotebook.Read(folder["a.ipynb"])).Message,
            StringComparison.Ordinal);
    }

    private static HashSet<string> Figures(string markdown) =>
        [.. ProseNumber.In(Prose.Of(markdown)).Where(number => !number.IsWord).Select(number => number.Text)];
}
