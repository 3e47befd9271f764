using System.Data;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Html;
using Microsoft.Data.Analysis;
using Microsoft.DotNet.Interactive.Formatting;
using MnistLab.Kernel.Display;
using MnistLab.Kernel.Documents;

namespace MnistLab.Kernel.Tests;

public sealed class ValueFormsTests
{
    private const string Null = "&lt;null&gt;";

    /// <summary>Values whose text is complete, and which therefore have no HTML.</summary>
    public static TheoryData<object?, string> Scalars => new()
    {
        { null, "<null>" },
        { "a <b>", "a <b>" },
        { 42, "42" },
        { 1.5, "1.5" },
        { 0.50m, "0.50" },
        { 'x', "x" },
        { true, "True" },
        { DayOfWeek.Monday, "Monday" },
        { new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc), "2026-01-02 03:04:05Z" },
        { new DateOnly(2026, 1, 2), "01/02/2026" },
        { TimeSpan.FromSeconds(90), "00:01:30" },
        { Guid.Empty, "00000000-0000-0000-0000-000000000000" },
        { new System.Numerics.BigInteger(10), "10" },
        { new System.Numerics.Complex(1, 2), "<1; 2>" },
        { new Uri("s3://bucket/key"), "s3://bucket/key" },
        { new Version(1, 2), "1.2" },
        { new System.Text.StringBuilder("text"), "text" },
        { typeof(int), "System.Int32" },
        { "abc".AsMemory(), "abc" },
        { new JsonObject { ["a"] = 1 }, "{\n  \"a\": 1\n}" },
        { new InvalidOperationException("broken"), "System.InvalidOperationException: broken" },
        { Task.FromResult(7), "7" },
        { Task.CompletedTask, "Task, completed" },
        { new TaskCompletionSource<int>().Task, "Task<int>, still running: write await before it for its result" },
        { new object(), "System.Object" },
    };

    /// <summary>Values that are displayed as tables.</summary>
    public static TheoryData<object, string, string> Tables => new()
    {
        { new[] { 1, 2 }, Table("index value", "0 1", "1 2"), "[ 1, 2 ]" },
        { new List<string?> { "a", null }, Table("index value", "0 a", $"1 {Null}"), "[ a, <null> ]" },
        { new HashSet<DayOfWeek> { DayOfWeek.Monday }, Table("index value", "0 Monday"), "[ Monday ]" },
        { new byte[] { 1 }.AsMemory(), Table("index value", "0 1"), "[ 1 ]" },
        { new int[] { }, "<i>(empty)</i>", "(empty)" },
        { new[] { new Point(1, 2), new Point(3, 4) }, Table("index X Y", "0 1 2", "1 3 4"), "index  X  Y\n0      1  2\n1      3  4" },
        { new[] { new { A = 1 }, null }, Table(
            "index value",
            "0 <table><tbody><tr><th>A</th><td>1</td></tr></tbody></table>",
            $"1 {Null}"), "index  value\n0      { A = 1 }\n1      <null>" },
        { new object[] { new Point(1, 2), new Named { Name = "n" } }, Table(
            "index X Y Name", "0 1 2 ", "1   n"), "index  X  Y  Name\n0      1  2\n1            n" },
        { new[] { (1, "a") }, Table("index Item1 Item2", "0 1 a"), "index  Item1  Item2\n0      1      a" },
        { new Dictionary<string, int> { ["a"] = 1 }, Table("key value", "a 1"), "key  value\na    1" },
        { new[] { "aa", "b" }.ToLookup(text => text.Length), Table("key value", "2 [ aa ]", "1 [ b ]").Replace(
            "[ ", "[&nbsp;"), "key  value\n2    [ aa ]\n1    [ b ]" },
        { new[,] { { 1, 2 }, { 3, 4 } }, "<table><thead><tr><th></th><th>0</th><th>1</th></tr></thead><tbody><tr><td>0</td><td>1</td><td>2</td></tr><tr><td>1</td><td>3</td><td>4</td></tr></tbody></table>", "   0  1\n0  1  2\n1  3  4" },
        { new Point(1, 2), "<table><tbody><tr><th>X</th><td>1</td></tr><tr><th>Y</th><td>2</td></tr></tbody></table>", "X  1\nY  2" },
        { (1, "a"), "<table><tbody><tr><th>Item1</th><td>1</td></tr><tr><th>Item2</th><td>a</td></tr></tbody></table>", "Item1  1\nItem2  a" },
        { KeyValuePair.Create(
            "k",
            1), "<table><tbody><tr><th>Key</th><td>k</td></tr><tr><th>Value</th><td>1</td></tr></tbody></table>", "Key    k\nValue  1" },
        { new Titled(), "<details><summary>a &lt;title&gt;</summary><table><tbody><tr><th>Works</th><td>1</td></tr><tr><th>Fails</th><td>(InvalidOperationException: no)</td></tr></tbody></table></details>", "a <title>" },
    };

    [Theory]
    [MemberData(nameof(Scalars), DisableDiscoveryEnumeration = true)]
    public void Of_WhatItsTextSaysAllOf_IsPlainText(object? value, string text) =>
        Assert.Equal(MimeBundle.From("text/plain", text), MimeBundleFormatter.Format(value));

    [Theory]
    [MemberData(nameof(Tables), DisableDiscoveryEnumeration = true)]
    public void Of_CollectionsAndObjects_AreTablesWithoutAStyleOfTheirOwn(object value, string html, string text)
    {
        // In the data above, blanks separate the cells of a row.
        var forms = MimeBundleFormatter.Format(value);
        Assert.Equal(html.Replace("&nbsp;", " "), forms["text/html"]!.GetValue<string>());
        Assert.Equal(text, forms["text/plain"]!.GetValue<string>());
    }

    [Fact]
    public void Of_LongCollections_SaysHowManyMoreThereAre()
    {
        Assert.EndsWith("</table><p>… 980 more</p>", Html(Enumerable.Range(0, 1000)), StringComparison.Ordinal);
        Assert.EndsWith("… 5 more", Text(Enumerable.Range(0, 25).Select(i => new { I = i }).ToList()), StringComparison.Ordinal);
        Assert.Contains("… 30 more", Html(Enumerable.Range(0, 50).ToDictionary(i => i)), StringComparison.Ordinal);
        Assert.Contains("… of int[100, 3]", Text(new int[100, 3]), StringComparison.Ordinal);
    }

    [Fact]
    public void Of_ASequenceWithoutAnEnd_TakesWhatIsShownAndOnlyOnce()
    {
        var taken = 0;
        IEnumerable<int> Endless()
        {
            while (true) yield return taken++;
        }

        var forms = MimeBundleFormatter.Format(Endless());

        Assert.Contains("… and more", forms["text/html"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal(Formatter.ListExpansionLimit + 1, taken);
    }

    [Fact]
    public void Of_NestedCollections_AreLinesOrUnfold()
    {
        var html = Html(new[] { new { Scores = new[] { 1, 2 }, Points = new[] { new Point(1, 2) } } });

        Assert.Contains("<td>[ 1, 2 ]</td>", html, StringComparison.Ordinal);
        Assert.Contains("<details><summary>1 &#215; Point</summary><table>", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_AnObjectThatLeadsBackToItself_Ends()
    {
        var loop = new Loop();
        loop.Self = loop;

        Assert.InRange(Html(loop).Length, 10, 500);
    }

    [Fact]
    public void Of_DataFrames_AreTablesOfTheirColumns()
    {
        var frame = new DataFrame(new Int32DataFrameColumn("digit", [0, 1]), new StringDataFrameColumn("name", ["zero", null]));

        Assert.Equal(Table("index digit name", "0 0 zero", $"1 1 {Null}"), Html(frame));
        Assert.Contains("… 10 more", Html(new DataFrame(new Int32DataFrameColumn("n", Enumerable.Range(0, 30)))), StringComparison.Ordinal);
    }

    [Fact]
    public void Of_DataTables_AreTablesOfTheirColumns()
    {
        using var table = new DataTable { Columns = { "a", "b" } };
        table.Rows.Add("1", DBNull.Value);

        Assert.Equal(Table("index a b", $"0 1 {Null}"), Html(table));
    }

    [Fact]
    public void Of_ATypeWithARegisteredFormatter_IsAsThatHasItAlsoWithinATable()
    {
        Formatter.Register<Formatted>(named => $"<b>{named.Name}</b>", "text/html");

        Assert.Equal("<b>x</b>", Html(new Formatted { Name = "x" }));
        Assert.Equal(Table("index value", "0 <b>y</b>"), Html(new[] { new Registered { Name = "y" } }));
    }

    [Fact]
    public void Of_Html_IsThatAndNoText() =>
        Assert.Equal(MimeBundle.From("text/html", "<b>x</b>"), MimeBundleFormatter.Format(new HtmlString("<b>x</b>")));

    [Fact]
    public void Of_BytesAsAPicture_IsThePicture() => Assert.Equal(
        MimeBundle.From("image/png", "AQI="), MimeBundleFormatter.Format(new byte[] { 1, 2 }, "image/png"));

    [Fact]
    public void Of_AFormThatIsAskedFor_IsJustThat()
    {
        Assert.Equal(["text/html"], MimeBundleFormatter.Format(new[] { 1 }, "text/html").MimeTypes);
        Assert.Equal("[1]", MimeBundleFormatter.Format(new[] { 1 }, "application/json")["application/json"]!.ToJsonString());
    }

    private static string Html(object value) => MimeBundleFormatter.Format(value)["text/html"]!.GetValue<string>();

    private static string Text(object value) => MimeBundleFormatter.Format(value)["text/plain"]!.GetValue<string>();

    private static string Table(string columns, params string[] rows) =>
        $"<table><thead><tr>{string.Concat(columns.Split(' ').Select(column => $"<th>{column}</th>"))}</tr></thead><tbody>"
        + string.Concat(rows.Select(row =>
            $"<tr>{string.Concat(Cells(row, columns.Split(' ').Length).Select(cell => $"<td>{cell}</td>"))}</tr>"))
            + "</tbody></table>";

    private static string[] Cells(string row, int count) => row.Contains('<', StringComparison.Ordinal)
        || row.Contains('[', StringComparison.Ordinal) ? row.Split(' ', 2) : row.Split(' ', count);

    private sealed record Point(int X, int Y);

    private sealed class Loop
    {
        public Loop? Self { get; set; }
    }

    private sealed class Named
    {
        public string Name { get; set; } = "";
    }

    private class Formatted
    {
        public string Name { get; set; } = "";
    }

    private sealed class Registered : Formatted;

    private sealed class Titled
    {
        public int Works => 1;

        public int Fails => throw new InvalidOperationException("no");

        public override string ToString() => "a <title>";
    }
}
