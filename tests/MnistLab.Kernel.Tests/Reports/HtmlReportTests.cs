using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using MnistLab.Kernel.Documents;
using MnistLab.Kernel.Reports;
using MnistLab.Testing;

namespace MnistLab.Kernel.Tests;

public sealed class HtmlReportTests : IDisposable
{
    private const string Pixel = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Write_CodeAndStreamsWithMarkup_ShowIt()
    {
        var html = Write(Notebook("a.ipynb", Code(
            "var x = \"<script>alert(1)</script>\";",
            new StreamOutput(StreamName.Stdout, "<script>alert(2)</script> \u001b[31mred\u001b[0m\n"))));

        Assert.DoesNotContain("<script>alert", html, StringComparison.Ordinal);
        Assert.Contains("&lt;script&gt;alert(1)", html, StringComparison.Ordinal);
        Assert.Contains("&lt;script&gt;alert(2)&lt;/script&gt; red\n</pre>", html, StringComparison.Ordinal);
    }

    // A table keeps its lines, because they are aligned; all other text wraps, as does a table wider than the report.
    [Theory]
    [InlineData("one  1\n", 84, "stream")]
    [InlineData("one  1\n", 85, "stream message")]
    [InlineData("   one\n", 84, "stream")]
    [InlineData("one\n", 84, "stream message")]
    [InlineData("数字  1\n", 84, "stream")]
    [InlineData("", 84, "stream message")]
    public void Write_Text_WrapsUnlessItIsATableThatFits(string first, int length, string style)
    {
        var text = $"{first}{new string('x', length)}\n";

        var html = Write(Notebook("a.ipynb", Code("1", new StreamOutput(StreamName.Stdout, text))));

        Assert.Contains($"<pre class=\"{style}\"", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_TitleAndErrorWithMarkup_ShowThem()
    {
        HtmlReport.Write(
            _folder["r.html"],
            "<b>&",
            [Notebook("a.ipynb", Text("# <i>x</i> & `<u>`"), Code("x", new ErrorOutput("<e>", "<m>", ["<t>"])))]);

        var html = File.ReadAllText(_folder["r.html"]);
        Assert.Contains("<title>&lt;b&gt;&amp;</title>", html, StringComparison.Ordinal);
        Assert.Contains("&lt;e&gt;: &lt;m&gt;", html, StringComparison.Ordinal);
        Assert.Contains("&lt;t&gt;", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_TheSameBigScriptInTwoNotebooks_KeepsTheFirst()
    {
        var big = $"<script>/*{new string('x', 20_000)}*/</script>";
        var small = "<script>draw()</script>";
        var html = Write(
            Notebook("a.ipynb", Code("1", new DisplayOutput(MimeBundle.From("text/html", $"{big}<p>first</p>{small}")))),
            Notebook("b.ipynb", Code("1", new DisplayOutput(MimeBundle.From("text/html", $"{big}<p>second</p>{small}")))));

        Assert.Equal(1, Occurrences(html, big));
        Assert.Equal(2, Occurrences(html, small));
        Assert.True(html.IndexOf(big, StringComparison.Ordinal) < html.IndexOf("<p>first</p>", StringComparison.Ordinal));
    }

    [Fact]
    public void Write_DifferentBigScripts_KeepsBoth()
    {
        var (one, two) = ($"<script>1+'{new string('x', 20_000)}'</script>", $"<script>2+'{new string('x', 20_000)}'</script>");
        var html = Write(Notebook("a.ipynb", Code("1", new DisplayOutput(MimeBundle.From("text/html", one + two)))));

        Assert.Contains(one, html, StringComparison.Ordinal);
        Assert.Contains(two, html, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_Links_LeadToWhatIsInTheReport()
    {
        var html = Write(
            Notebook("1-a.ipynb", Text(
                "# A\n\n[next](2-b.ipynb) [part](./2-b.ipynb#The-end) [other](../codes/x.ipynb) [web](https://example.org/2-b.ipynb) [here](#Own-part)\n\n## Own part")),
            Notebook("2-b.ipynb", Text("# B\n\n## The end")));

        Assert.Contains("<a href=\"#notebook-2\">next</a>", html, StringComparison.Ordinal);
        Assert.Contains("<a href=\"#notebook-2-the-end\">part</a>", html, StringComparison.Ordinal);
        Assert.Contains("<a href=\"../codes/x.ipynb\">other</a>", html, StringComparison.Ordinal);
        Assert.Contains("<a href=\"https://example.org/2-b.ipynb\">web</a>", html, StringComparison.Ordinal);
        Assert.Contains("<a href=\"#notebook-1-own-part\">here</a>", html, StringComparison.Ordinal);
        AssertAnchorsExist(html);
    }

    [Fact]
    public void Write_SameHeadingsTwice_HaveAnchorsOfTheirOwn()
    {
        var html = Write(Notebook(
            "a.ipynb",
            Text("# A\n\n## Part\n\n## Part"),
            Text("## Part"),
            Code("1", new DisplayOutput(MimeBundle.From("text/markdown", "## Part")))));

        var ids = Regex.Matches(html, " id=\"([^\"]*)\"").Select(match => match.Groups[1].Value).ToList();
        Assert.Equal(ids.Distinct(), ids);
        Assert.Equal(3, Regex.Count(html, "<li><a href=\"#notebook-1-part[^\"]*\">Part</a></li>"));
        AssertAnchorsExist(html);
    }

    [Fact]
    public void Write_NotebookWithoutHeading_IsListedByItsFile() =>
        Assert.Contains("<a href=\"#notebook-1\">nameless</a>", Write(Notebook("nameless.ipynb", Code("1"))), StringComparison.Ordinal);

    [Fact]
    public void Write_FailedCell_IsNamedAtTheTopAndTheRestIsNotRun()
    {
        var html = Write(Notebook(
            "a.ipynb",
            Text("# A"),
            Code("throw;", new ErrorOutput("Oops", "it \u001b[1mbroke\u001b[0m", ["at A"])),
            NotRun("never();")));

        Assert.Contains(
            "<strong>Failed:</strong> a.ipynb, <a href=\"#notebook-1-cell-2\">cell [1]</a>: Oops: it broke</p>",
            html,
            StringComparison.Ordinal);
        Assert.Equal(1, Occurrences(html, "class=\"code not-run\""));
        Assert.DoesNotContain("none failed", html, StringComparison.Ordinal);
        AssertAnchorsExist(html);
    }

    [Fact]
    public void Write_FailuresThatWereAllowed_AreAllNamed()
    {
        var html = Write(Notebook(
            "a.ipynb",
            Code("1", new ErrorOutput("One", "1", [])),
            Code("2"),
            Code("3", new ErrorOutput("Other", "2", []))));

        Assert.Equal(2, Occurrences(html, "<strong>Failed:</strong>"));
        Assert.Contains("One: 1", html, StringComparison.Ordinal);
        Assert.Contains("#notebook-1-cell-3", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_Contents_TellHowLongANotebookRanAndWhichDidNot()
    {
        var ran = Notebook("a.ipynb", Code("1"), Code("2"));
        foreach (var cell in ran.Cells) cell.Times = new(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddSeconds(1.5));

        var html = Write(ran, Notebook("b.ipynb", NotRun("3")), Notebook("c.ipynb", Text("# Only text")));

        Assert.Contains("<a href=\"#notebook-1\">a</a> <span class=\"time\">3.0 s</span>", html, StringComparison.Ordinal);
        Assert.Contains("<a href=\"#notebook-2\">b</a> <span class=\"mark\">not run</span>", html, StringComparison.Ordinal);
        Assert.Contains("<a href=\"#notebook-3\">Only text</a>", html, StringComparison.Ordinal);
        Assert.Equal(1, Occurrences(html, "class=\"mark\""));
    }

    [Fact]
    public void Write_NothingFailed_SaysSo()
    {
        var html = Write(Notebook("a.ipynb", Code("1"), NotRun("2")));

        Assert.Contains("1 of 2 code cells run, none failed", html, StringComparison.Ordinal);
        Assert.DoesNotContain("not-run\"", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_PicturesFromElsewhere_AreLinksAndNothingIsFetched()
    {
        var html = Write(Notebook("a.ipynb", Text($"![far](https://example.org/a.png) ![near](data:image/png;base64,{Pixel})"), Code("1")));

        Assert.Contains("<a href=\"https://example.org/a.png\">far</a>", html, StringComparison.Ordinal);
        Assert.Contains("<img src=\"data:image/png", html, StringComparison.Ordinal);
        Assert.Contains("default-src 'none'", html, StringComparison.Ordinal);
        Assert.DoesNotMatch(
            "(?i)\\b(src|srcset|data|poster)\\s*=\\s*[\"']?(https?:)?//|url\\(\\s*[\"']?(https?:)?//|@import|<link\\b",
            html);
    }

    [Fact]
    public void Write_DetailsAndTables_AreKept()
    {
        var html = Write(Notebook(
            "a.ipynb", Text("| a |\n|---|\n| b |\n\n<details><summary>Answer</summary>\n\nIt is *42*.\n\n</details>")));

        Assert.Contains("<td>b</td>", html, StringComparison.Ordinal);
        Assert.Contains("<details><summary>Answer</summary>\n<p>It is <em>42</em>.</p>\n</details>", html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("text/html", "<b>x</b>", "<div class=\"rich\"><b>x</b></div>")]
    [InlineData("image/png", Pixel + "\n", "<img src=\"data:image/png;base64," + Pixel + "\"")]
    [InlineData("image/svg+xml", "<svg/>", "<img src=\"data:image/svg+xml;base64,PHN2Zy8+\"")]
    [InlineData("text/markdown", "*x*", "<p><em>x</em></p>")]
    [InlineData("text/plain", "<x>", "<pre class=\"plain\" tabindex=\"0\">&lt;x&gt;</pre>")]
    [InlineData("application/x-unknown", "x", "Cannot be displayed on a page: application/x-unknown")]
    public void Write_Output_IsShownByItsMimeType(string mimeType, string form, string expected)
    {
        var html = Write(Notebook("a.ipynb", Code("1", new ResultOutput(1, MimeBundle.From(mimeType, form)))));

        Assert.Contains(expected, html, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_JsonOutput_IsShownIndented() => Assert.Contains(
        "&quot;a&quot;: 1",
        Write(Notebook("a.ipynb", Code("1", new DisplayOutput(MimeBundle.Empty.With("application/json", JsonNode.Parse("""{"a":1}""")))))),
        StringComparison.Ordinal);

    [Fact]
    public void Write_OutputOfManyForms_ShowsTheRichest()
    {
        var html = Write(Notebook(
            "a.ipynb",
            Code("1", new DisplayOutput(MimeBundle.From("text/plain", "plainly").With("text/html", "<b>richly</b>")))));

        Assert.Contains("richly", html, StringComparison.Ordinal);
        Assert.DoesNotContain("plainly", html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("var x = await F(1.5f); // why", "<span class=\"k\">var</span> x = <span class=\"k\">await</span> F(<span class=\"n\">1.5f</span>); <span class=\"c\">// why</span>")]
    [InlineData("#r \"a.dll\"", "<span class=\"d\">#r &quot;a.dll&quot;</span>")]
    [InlineData("$\"a{x}\"", "<span class=\"s\">$&quot;</span><span class=\"s\">a</span>{x}<span class=\"s\">&quot;</span>")]
    [InlineData("this is not ) C# \"at all", "not")]
    public void Write_Code_IsHighlighted(string source, string expected) =>
        Assert.Contains(expected, Write(Notebook("a.ipynb", Code(source))), StringComparison.Ordinal);

    [Fact]
    public void Write_ProgressBarOnAStream_ShowsItsLastState() =>
        Assert.Contains(
            "\">100 %\nend</pre>",
            Write(Notebook("a.ipynb", Code("1", new StreamOutput(StreamName.Stdout, "1 %\r50 %\r100 %\r\nend")))),
            StringComparison.Ordinal);

    private static int Occurrences(string text, string part) => text.Split(part).Length - 1;

    private static void AssertAnchorsExist(string html) => Assert.All(
        Regex.Matches(html, "href=\"#([^\"]*)\"").Select(match => match.Groups[1].Value),
        anchor => Assert.Contains($" id=\"{anchor}\"", html, StringComparison.Ordinal));

    private static (string Json, NotebookOutput[] Outputs, int? Count) Text(string source) =>
        ($$"""{ "cell_type": "markdown", "metadata": {}, "source": {{JsonSerializer.Serialize(source)}} }""", [], null);

    private static (string Json, NotebookOutput[] Outputs, int? Count) NotRun(string source) => Code(source) with { Count = null };

    private static (string Json, NotebookOutput[] Outputs, int? Count) Code(string source, params NotebookOutput[] outputs) =>
        ($$"""{ "cell_type": "code", "execution_count": null, "metadata": {}, "outputs": [], "source": {{JsonSerializer.Serialize(source)}} }""", outputs, 1);

    private NotebookDocument Notebook(string name, params (string Json, NotebookOutput[] Outputs, int? Count)[] cells)
    {
        File.WriteAllText(_folder[name], SampleNotebook.WithCells([.. cells.Select(cell => cell.Json)]));
        var notebook = NotebookDocument.Read(_folder[name]);
        foreach (var (cell, result) in notebook.Cells
            .Zip(cells)
            .Where(pair => pair.First.Kind == CellKind.Code)) cell.SetResult(result.Count, result.Outputs);
        return notebook;
    }

    private string Write(params NotebookDocument[] notebooks)
    {
        HtmlReport.Write(_folder["report.html"], "Report", notebooks);
        return File.ReadAllText(_folder["report.html"]);
    }
}
