using MnistLab.Testing;

namespace MnistLab.Course.Tests;

public sealed class CodePhrasesTests : IDisposable
{
    private const string Code = """
        // Count them.
        var counts = Count("train"); // for each digit
        Console.WriteLine($"{counts.Length,3} counts of \"{name}\"");
        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Apply_CommentsAndStrings_AreTranslatedAndTheCodeStays()
    {
        var (english, translation) = Pair(
            "// Count them.\n// 数一数。\n\n// for each digit\n// 每个数字\n\n{counts.Length,3} counts of \\\"{name}\\\"\n“{name}”有 {counts.Length,3} 个\n");

        var translated = translation.Apply(english);

        Assert.Equal(
            """
            // 数一数。
            var counts = Count("train"); // 每个数字
            Console.WriteLine($"“{name}”有 {counts.Length,3} 个");
            """.ReplaceLineEndings("\n"),
            translated.Cells[0].Source);
        Assert.Equal((null, Path.GetFileName(_folder.Path)), (english.Language, translated.Language));
        Assert.Empty(translation.ProblemsWith(english));
        Assert.Equal(CodeShape.Of(Code), CodeShape.Of(translated.Cells[0].Source));
    }

    [Fact]
    public void ProblemsWith_MissingChangedAndSuperfluousPhrases_NamesEach()
    {
        var (english, translation) = Pair(
            "// for each digit\n// 每个数字\n\n{counts.Length,3} counts of \\\"{name}\\\"\n“{name}”有 {counts.Length} 个\n\n// gone\n// 没有了\n");

        var problems = translation.ProblemsWith(english);

        Assert.Equal(3, problems.Count);
        Assert.Contains("the code of cell a-1 has the phrase '// Count them.'", problems[0], StringComparison.Ordinal);
        Assert.Contains("differ in what they insert: {counts.Length,3}, {name}", problems[1], StringComparison.Ordinal);
        Assert.Contains("the phrase '// gone' is not in the code", problems[2], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("// a\n// b\n// c", "is not two lines")]
    [InlineData("// a\n// b\n\n// a\n// c", "appears twice")]
    public void Read_MalformedPhrases_SaysWhere(string phrases, string expected)
    {
        var error = Assert.Throws<CourseException>(() => Pair(phrases));

        Assert.StartsWith(_folder["a.md"], error.Message, StringComparison.Ordinal);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("x(\"a b\");", "x(\"c\");", true)]
    [InlineData("x($\"{a} b {c}\"); // d", "x($\"{c} e {a}\");", true)]
    [InlineData("x($\"{a} b\");", "x($\"{a:N0} b\");", false)]
    [InlineData("x(1);", "x(2);", false)]
    [InlineData("x(\"a\");", "x('a');", false)]
    public void Shape_OfTwoCells_IsTheSameIfOnlyCommentsAndStringsDiffer(string first, string second, bool isSame) =>
        Assert.Equal(isSame, CodeShape.Of(first) == CodeShape.Of(second));

    private (CourseNotebook English, Translation Translation) Pair(string phrases)
    {
        File.WriteAllText(_folder["a.ipynb"], new System.Text.Json.Nodes.JsonObject
        {
            ["nbformat"] = 4,
            ["cells"] = new System.Text.Json.Nodes.JsonArray(new System.Text.Json.Nodes.JsonObject
            {
                ["cell_type"] = "code",
                ["id"] = "a-1",
                ["source"] = Code.ReplaceLineEndings("\n")
            }),
        }.ToJsonString());
        File.WriteAllText(_folder["a.md"], $"\n{CodePhrases.Mark}\n{phrases}");
        return (CourseNotebook.Read(_folder["a.ipynb"]), Translation.Read(_folder["a.md"]));
    }
}
