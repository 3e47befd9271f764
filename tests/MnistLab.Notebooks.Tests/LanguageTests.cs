using System.Net;
using Microsoft.DotNet.Interactive.Formatting;
using MnistLab.Data.Datasets;
using MnistLab.Data.Workspaces;
using MnistLab.Storage;
using MnistLab.Storage.Folders;
using MnistLab.Testing;
using MnistLab.Training.EventLog;
using MnistLab.Training.Metrics;

namespace MnistLab.Notebooks.Tests;

/// <summary>
/// The language of a lab applies to the whole process, so these tests do not run in parallel with others.
/// </summary>
[CollectionDefinition(nameof(LanguageTests), DisableParallelization = true)]
[Collection(nameof(LanguageTests))]
public sealed class LanguageTests : IDisposable
{
    private static readonly MnistDataset Digits = MnistDataset.Load(Workspace.Find().SampleFolder);

    public void Dispose() => Lab.Open();

    [Fact]
    public void Open_InChinese_ShowsChartsAndTablesInChinese()
    {
        Lab.Open(language: "zh");
        StepReport[] reports =
        [
            new(10, new Dictionary<string, double> { ["loss"] = 2 }, 5),
            new(10, new Dictionary<string, double> { ["loss"] = 1 }),
        ];

        var chart = System.Text.RegularExpressions.Regex.Unescape(Html(Charts.Curve(reports, "loss")));
        foreach (var text in new[] { "训练批次", "验证", "步", "损失" }) Assert.Contains($"\"{text}\"", chart, StringComparison.Ordinal);
        Assert.Contains("alt=\"一个手写数字\"", Html(DigitGrid.From(Digits.Train, [0])), StringComparison.Ordinal);
    }

    [Fact]
    public void Table_InChinese_KeepsTheNameThatCodeUses()
    {
        Lab.Open(language: "zh");
        var table = DigitTable.MeansByDigit(DigitTable.From(Digits.Train));

        Assert.Contains(" title=\"ink\">墨量</th>", Html(table), StringComparison.Ordinal);
        Assert.NotNull(table.Columns["ink"]);
    }

    [Fact]
    public void Board_InChinese_SpeaksChinese()
    {
        Lab.Open(language: "zh");
        var board = new RunBoard(Digits.Train.Subset([0, 1]), Digits.Train.Subset([2, 3]));

        Assert.StartsWith("<p>运行榜上还没有运行。", Html(board), StringComparison.Ordinal);
    }

    [Fact]
    public async Task TensorBoard_InChinese_TranslatesTheTableOfARun()
    {
        if (InstalledProgram.Find("tensorboard") is not null) Assert.Skip("tensorboard is installed.");
        Lab.Open(language: "zh");
        using var folder = new TemporaryFolder();
        var store = new FolderObjectStore(folder["obs"]);
        await store.CreateBucketAsync("bucket");
        using (var events = new EventLogWriter(folder["run"], TimeProvider.System))
        {
            const string table = "| label | taken for | probability |\n|---|---|---|\n| 4 | 9 | 0.987 |";
            events.Text("misclassified", $"17 of 1000\n\n{table}", 2);
        }

        await store.UploadFolderAsync(folder["run"], ObjectUrl.Parse("s3://bucket/log/run/"));

        await using var board = await TensorBoardJob.CreateAsync(store, ObjectUrl.Parse("s3://bucket/log/"));
        var html = WebUtility.HtmlDecode(Html(board));

        Assert.Contains("<b>run：认错的图像</b>", html, StringComparison.Ordinal);
        Assert.Contains(">1,000 张中的 17 张</p>", html, StringComparison.Ordinal);
        Assert.Contains("<th>标签</th><th>被当成</th><th>概率</th>", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_InALanguageThatItDoesNotSpeak_NamesThoseThatItDoes()
    {
        var error = Assert.Throws<ArgumentException>(() => Lab.Open(language: "fr"));

        Assert.StartsWith("The language must be 'en' or 'zh', but was 'fr'.", error.Message, StringComparison.Ordinal);
    }

    private static string Html(object value) => value.ToDisplayString(HtmlFormatter.MimeType);
}
