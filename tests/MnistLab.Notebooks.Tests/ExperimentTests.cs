using Microsoft.Data.Analysis;
using Microsoft.DotNet.Interactive.Formatting;
using MnistLab.Data.Datasets;
using MnistLab.Data.Workspaces;
using MnistLab.Training;
using MnistLab.Training.Networks;
using MnistLab.Training.Onnx;
using MnistLab.Training.Results;

namespace MnistLab.Notebooks.Tests;

public sealed class ExperimentTests
{
    private static readonly ImageDataset Digits = MnistDataset.Load(Workspace.Find().SampleFolder).Train;

    public ExperimentTests() => Lab.Open();

    [Fact]
    public void ExperimentTable_OfRuns_HasTheMostAccurateFirstAndMarksItOnlyIfItIsClearlyTheBest()
    {
        RunResult[] good = [Train(0.5, seed: 0), Train(0.5, seed: 1)];
        var (high, alike) = (new Experiment(0.5, 50, good), new Experiment(0.49, 50, good[1]));
        var low = new Experiment(0.0001, 50, Train(0.0001));
        const string bold = "<tr style=\"font-weight:bold\">";

        var table = ExperimentTable.Compute([low, high, alike], images: 400);
        var withoutAlike = ExperimentTable.Compute([low, high], images: 400);

        Assert.Equal(["within the noise", "within the noise", "clearly below"], table["result"].Cast<string>());
        Assert.Equal(["★ best", "clearly below"], withoutAlike["result"].Cast<string>());
        Assert.Equal(0.0001, table["learning rate"][2]);
        var html = Html(table);
        Assert.DoesNotContain(bold, html, StringComparison.Ordinal);
        Assert.Contains(
            bold + "<td style=\"text-align:right\">0.5000</td>", Html(withoutAlike), StringComparison.Ordinal);
        Assert.Contains(">0.0001</td>", html, StringComparison.Ordinal);
        Assert.Contains(">0.5000</td>", html, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => ExperimentTable.Compute([new Experiment(0.1, 50, Train(0.1, evaluateEveryNSteps: 0))], 400));
        Assert.Throws<ArgumentException>(() => ExperimentTable.Compute([], 400));
    }

    [Fact]
    public void EstimateTable_OfRecipes_NamesABestOnlyIfItIsClearlyAboveEveryOtherOne()
    {
        (string, IReadOnlyList<double>) plain = ("plain", [0.88, 0.89]), varied = ("varied", [0.95, 0.94]);
        static IEnumerable<string> Results(params (string, IReadOnlyList<double>)[] recipes) =>
            EstimateTable.Compute(400, recipes)["result"].Cast<string>();

        Assert.Equal(["clearly below", "★ best"], Results(plain, varied));
        // The third is too close to the highest one for that to be the best.
        Assert.Equal(
            ["clearly below", "within the noise", "within the noise"],
            Results(plain, varied, ("dropped", [0.92, 0.93])));
        Assert.Equal(["within the noise", "within the noise"], Results(varied, varied));
        Assert.Equal([""], Results(plain));
    }

    [Fact]
    public void RangeTest_OfSteps_HasATickAtEachPowerOfTen() =>
        Assert.Contains("\"dtick\":1", Html(Charts.RangeTest([(0.001, 2.3), (0.01, 2.2)])), StringComparison.Ordinal);

    [Fact]
    public void Estimate_OfOneAccuracy_HasTheErrorOfAProportion()
    {
        Assert.Equal(0.015, Estimate.Compute(0.9, 400).Error, 6);
        Assert.Equal("90.0% ± 1.5", Estimate.Compute(0.9, 400).ToString());
    }

    [Fact]
    public void Estimate_OfSeveralRuns_AddsTheirDifferences()
    {
        var estimate = Estimate.Compute([0.89, 0.90, 0.91], 400);

        Assert.Equal(0.90, estimate.Value, 9);
        Assert.Equal(Math.Sqrt((0.0001 / 3) + (0.09 / 400)), estimate.Error, 9);
        Assert.False(Estimate.Compute(0.92, 400).IsClearlyAbove(estimate));
        Assert.True(Estimate.Compute(0.97, 400).IsClearlyAbove(estimate));
        Assert.Throws<ArgumentException>(() => Estimate.Compute([], 400));
    }

    [Fact]
    public void HeatGrid_OfFilters_TakesAnySquareAndShowsItsScale()
    {
        var grid = HeatGrid.From([([0, 1, 2, 3, -4, 5, 6, 7, 8], "filter")], size: 90);

        Assert.Contains("width=\"90\"", Html(grid), StringComparison.Ordinal);
        Assert.Contains("<span>−8</span><span>0</span><span>8</span>", Html(grid), StringComparison.Ordinal);
        Assert.Contains(
            "not a square",
            Assert.Throws<ArgumentException>(() => HeatGrid.From([(new float[10], "")])).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void HeatGrid_OfSaliency_LiesOverTheDigits()
    {
        using var network = Train(0.1).Network;

        var over = Html(HeatGrid.OfSaliency(network, Digits, [0, 1], i => $"digit {i}"));
        var alone = Html(HeatGrid.From([(Saliency.Compute(network, Digits, 0), "digit 0")], size: 112));

        Assert.Contains("digit 1", over, StringComparison.Ordinal);
        Assert.Contains("<span>0</span><span></span><span>1</span>", over, StringComparison.Ordinal);
        Assert.NotEqual(Image(alone), Image(over));
        static string Image(string html) => html.Split("base64,")[1].Split('"')[0];
    }

    [Fact]
    public void RunLoopSource_OfTheLibrary_IsTheCodeOfAStepAndOfTheLoop()
    {
        Assert.All($"{RunLoopSource.Step}\n{RunLoopSource.Loop}".Split('\n'), line => Assert.InRange(line.Length, 0, 88));
        Assert.StartsWith("_optimizer.zero_grad();\n", RunLoopSource.Step, StringComparison.Ordinal);
        Assert.Contains("loss.backward();\n_optimizer.step();", RunLoopSource.Step, StringComparison.Ordinal);
        Assert.StartsWith("for (var step = start + 1;", RunLoopSource.Loop, StringComparison.Ordinal);
        Assert.Contains("    Step(training, step, start, cancellationToken);", RunLoopSource.Loop, StringComparison.Ordinal);
    }

    [Fact]
    public void Lines_OfATable_AreOnePerValueInOrder()
    {
        var table = new DataFrame(
            new DoubleDataFrameColumn("x", [10, 1, 10, 1]),
            new DoubleDataFrameColumn("y", [0.25, 0.5, 0.75, 0.125]),
            new Int32DataFrameColumn("group", [7, 7, 3, 3]));

        var html = Html(Charts.Lines(table, "x", "y", "group", error: "x"));

        Assert.True(html.IndexOf("\"group 3\"", StringComparison.Ordinal) < html.IndexOf("\"group 7\"", StringComparison.Ordinal));
        Assert.Contains("\"y\":[0.5,0.25]", html, StringComparison.Ordinal);
        Assert.Contains("\"type\":\"log\"", html, StringComparison.Ordinal);
        Assert.Contains("\"tickvals\":[1.0,10.0]", html, StringComparison.Ordinal);
        Assert.Contains("\"error_y\":{\"type\":\"data\",\"array\":[1.0,10.0]}", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Fingerprint_OfNetworks_IsEqualForEqualSeedsOnly()
    {
        Assert.Equal(Fingerprint.Compute(Train(0.1).Network), Fingerprint.Compute(Train(0.1).Network));
        Assert.NotEqual(Fingerprint.Compute(Train(0.1).Network), Fingerprint.Compute(Train(0.1, seed: 1).Network));
    }

    [Fact]
    public void HeatGrid_OfWeights_HasAPicturePerDigit()
    {
        var grid = HeatGrid.OfWeights(Train(0.1).Network);

        Assert.Equal(Enumerable.Range(0, 10).Select(digit => $"{digit}"), grid.Pictures.Select(picture => picture.Caption));
        Assert.Equal(11, Html(grid).Split("data:image/png;base64,").Length);
        Assert.Contains(
            "softmax",
            Assert.Throws<ArgumentException>(() => HeatGrid.OfWeights(DigitModels.FastNetwork())).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Reliability_OfCalibrations_HasACurveForEachBesideTheHonestOne()
    {
        var calibration = Calibration.Compute([0.95f, 0.95f, 0.35f], [true, false, true], bins: 10);

        var html = Html(Charts.Reliability(("first", calibration), ("second", calibration)));

        foreach (var name in new[] { "calibrated", "first", "second" }) Assert.Contains($"\"{name}\"", html, StringComparison.Ordinal);
        Assert.Contains("\"2 predictions\"", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Balance_OfSets_IsInPercent() => Assert.Contains(
        "[10.0,10.0,10.0,10.0,10.0,10.0,10.0,10.0,10.0,10.0]",
        Html(Charts.Balance(("train", Digits))),
        StringComparison.Ordinal);

    [Fact]
    public void OnnxTable_OfAModel_HasItsSteps()
    {
        var graph = OnnxGraph.Read(OnnxExporter.Export(DigitModels.SoftmaxRegression(), "softmax"));

        var table = OnnxTable.From(graph);

        Assert.Equal(["Flatten", "Gemm"], table["operator"].Cast<string>());
        Assert.Equal([0L, 7850L], table["weights"].Cast<long>());
        Assert.Contains(">7,850</td>", Html(table), StringComparison.Ordinal);
        Assert.Equal("logits", table["gives"][1]);
        Assert.Throws<InvalidDataException>(() => OnnxGraph.Read("no model"u8.ToArray()));
    }

    private static RunResult Train(double learningRate, int evaluateEveryNSteps = 20, long seed = 0) => Mox.Run(
        _ => Digits,
        _ => ModelSpec.Classifier(DigitModels.SoftmaxRegression()),
        Mox.GetOptimizerFn("sgd", learningRate),
        maxNumberOfSteps: 20,
        evaluateEveryNSteps: evaluateEveryNSteps,
        seed: seed,
        log: TextWriter.Null);

    private static string Html(object value) => value.ToDisplayString(HtmlFormatter.MimeType);
}
