using Microsoft.DotNet.Interactive.Formatting;
using MnistLab.Client;
using MnistLab.Data.Datasets;
using MnistLab.Data.Images;
using MnistLab.Data.Workspaces;
using MnistLab.Training.Metrics;
using MnistLab.Training.Results;

namespace MnistLab.Notebooks.Tests;

public sealed class NotebookValuesTests
{
    private static readonly MnistDataset Digits = MnistDataset.Load(Workspace.Find().SampleFolder);

    public NotebookValuesTests() => Lab.Open();

    [Fact]
    public void Lab_Shown_BringsPlotlyWithoutANetwork()
    {
        var html = Html(Lab.Open());

        Assert.True(html.Length > 1_000_000);
        Assert.DoesNotContain("<script src", html, StringComparison.Ordinal);
    }

    [Fact]
    public void DigitGrid_Shown_HasAPictureAndACaptionForEachDigit()
    {
        var html = Html(DigitGrid.From(Digits.Train, [0, 1, 2]));

        Assert.Equal(4, html.Split("data:image/png;base64,").Length);
        foreach (var i in new[] { 0, 1, 2 })
            Assert.Contains($"<figcaption>{Digits.Train.Label(i)}</figcaption>", html, StringComparison.Ordinal);
    }

    [Fact]
    public void PixelTable_OfAnImage_ShowsEachNumberOnItsGray()
    {
        var table = PixelTable.From([0, 255, 13, 128], columns: 2);

        Assert.Contains(
            "<i class=\"z\" style=\"background:rgb(0,0,0)\">0</i><i class=\"l\" style=\"background:rgb(255,255,255)\">255</i>",
            Html(table),
            StringComparison.Ordinal);
        Assert.Equal(["   0 255", "  13 128"], table.ToString().Split(Environment.NewLine));
        Assert.Contains(
            "3 pixels",
            Assert.Throws<ArgumentException>(() => PixelTable.From([1, 2, 3], columns: 2)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void JsonView_OfJson_IsIndentedWithPlainListsOnALineAndFoldedIfLong()
    {
        var view = JsonView.From("""{"predicted_label":"7","scores":[["7","0.998"],["1","0.001"]],"x":[1,2.50],"empty":[],"none":{}}""");

        Assert.Equal(
            "{\n  \"predicted_label\": \"7\",\n  \"scores\": [\n    [\"7\", \"0.998\"],\n    [\"1\", \"0.001\"]\n  ],\n  \"x\": [1, 2.50],\n  \"empty\": [],\n  \"none\": {}\n}",
            $"{view}");
        Assert.Contains(
            "<details open><summary><code>{ predicted_label, scores, x, empty, none }</code>",
            Html(view),
            StringComparison.Ordinal);
        Assert.Contains(
            "<span style=\"display:block;padding-left:min(8ch,20vw);text-indent:calc(-1*min(8ch,20vw))\">  &quot;x&quot;: [1, 2.50],</span>",
            Html(view),
            StringComparison.Ordinal);
        Assert.Contains(
            "<details><summary><code>[ 20 ]</code>",
            Html(JsonView.From($"[{string.Join(',', Enumerable.Repeat("[1]", 20))}]")),
            StringComparison.Ordinal);
        Assert.ThrowsAny<System.Text.Json.JsonException>(() => JsonView.From("<html>"));
    }

    [Fact]
    public void ClassBalance_Shown_IsATableOfCountsAndShares()
    {
        var html = Html(ClassBalance.Compute(("train", Digits.Train)));

        const string number = "style=\"text-align:right\"";
        Assert.Contains($"<th {number}>train %</th>", html, StringComparison.Ordinal);
        Assert.Contains($"<tr><td {number}>9</td><td {number}>400</td><td {number}>10</td></tr>", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Curve_OfReports_DrawsTrainingAndValidation()
    {
        StepReport[] reports = [new(10, new Dictionary<string, double> { ["loss"] = 1.5 }, 5),
            new(10, new Dictionary<string, double> { ["loss"] = 1.25 })];

        var html = Html(Charts.Curve(reports, "loss"));

        Assert.Contains("\"training batch\"", html, StringComparison.Ordinal);
        Assert.Contains("1.25", html, StringComparison.Ordinal);
        Assert.Contains("loss", Assert.Throws<ArgumentException>(() => Charts.Curve(reports, "los")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Chart_Shown_FitsANotebooksColumnAndKeepsWhatItSaysItself()
    {
        var chart = Charts.Balance(("train", Digits.Train));
        var html = Html(chart);
        Assert.Contains("style=\"max-width:720px\"", html, StringComparison.Ordinal);
        // The background is transparent, and the text has the color of the page, light or dark.
        foreach (var ground in new[] { "paper_bgcolor", "plot_bgcolor" })
            Assert.Contains($"\"{ground}\":\"rgba(0,0,0,0)\"", html, StringComparison.Ordinal);
        Assert.Contains("fill: currentColor !important", html, StringComparison.Ordinal);
        Assert.Contains("\"margin\":{\"t\":32,", html, StringComparison.Ordinal);
        Assert.Contains("\"displaylogo\":false", html, StringComparison.Ordinal);
        Assert.InRange(html.Length, 1_000, 20_000);

        chart = Plotly.NET.Chart.withTitle("</script>", null).Invoke(chart);
        var margin = new DynamicObj.DynamicObj();
        margin.SetProperty("l", 7);
        Plotly.NET.GenericChart.getLayout(chart).SetProperty("margin", margin);
        html = Html(chart);
        Assert.Contains("\"margin\":{\"t\":64,", html, StringComparison.Ordinal);
        Assert.Contains("\"l\":7", html, StringComparison.Ordinal);
        Assert.Equal(2, html.Split("</script>").Length);
    }

    [Fact]
    public void ConfusionAndTopScores_Shown_HaveTheirNumbers()
    {
        Assert.Contains("\"taken for\"", Html(Charts.Confusion(new ConfusionMatrix([0, 1, 1], [0, 1, 0]))), StringComparison.Ordinal);
        Assert.Contains(
            "[\"3\"]",
            Html(Charts.TopScores(new PredictionResponse("3", [new PredictionScore("3", 0.75)]))),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Sketch_ALine_IsBlackOnWhiteAndCanBeDecoded()
    {
        var sketch = new Sketch(200, 100, 10).Line((20, 20), (180, 80));

        Assert.Contains("data:image/png", Html(sketch), StringComparison.Ordinal);
        Assert.Contains(DigitImage.Decode(sketch.ToPng()).Pixels.ToArray(), pixel => pixel > 128);
    }

    [Fact]
    public void Check_ThatDoesNotHold_ThrowsTheNextStep()
    {
        Assert.Equal("✓ fine", Check.That(true, "fine", "do this").ToString());
        Assert.Equal("do this", Assert.Throws<CheckFailedException>(() => Check.That(false, "fine", "do this")).Message);
    }

    private static string Html(object value) => value.ToDisplayString(HtmlFormatter.MimeType);
}
