using System.Text.Json;

namespace MnistLab.EndToEnd;

public sealed class EnglishTextsTests
{
    [Theory]
    [InlineData("<p>步数</p>")]
    [InlineData("<p>训练批次 training batch</p>")]
    [InlineData("<td>softmax</td><td>0.12 ms</td><td>max_number_of_steps</td><td>Conv2d</td><td>http://127.0.0.1:8080/</td>")]
    [InlineData("<td>mnistlab_<wbr>requests_<wbr>total</td>")]
    [InlineData("<p>用 <code>services list</code> 查看</p>")]
    [InlineData("<script>document.title = 'not shown';</script><style>.x { color: red }</style>")]
    public void In_TextsThatAreChineseOrNames_FindsNone(string html) => Assert.Empty(EnglishTexts.In(Notebook("x", html)));

    [Theory]
    [InlineData("<p>training <b>第 3 步</b></p>", "x: training")]
    [InlineData("<img alt=\"a handwritten digit\">", "x: a handwritten digit")]
    [InlineData("<script>Plotly.newPlot('c', [{\"name\":\"\\u8bad\\u7ec3\"}], {\"title\":{\"text\":\"validation loss\"}});</script>", "x: validation loss")]
    public void In_AnEnglishText_NamesTheCell(string html, string expected) =>
        Assert.Equal([expected], EnglishTexts.In(Notebook("x", html)));

    [Fact]
    public void In_WhatAProgramSays_FindsNone() => Assert.Empty(EnglishTexts.In(Notebook("train-58", "<p>step loss accuracy</p>")));

    private static ExecutedNotebook Notebook(string cell, string html) => ExecutedNotebook.Parse(
        JsonSerializer.Serialize(new
        {
            cells = new[]
            {
                new
                {
                    cell_type = "code",
                    id = cell,
                    source = "",
                    outputs = new[] { new { output_type = "display_data", data = new Dictionary<string, string>
                    {
                        ["text/html"] = html
                    } } },
                },
            },
        }),
        "no workspace");
}
