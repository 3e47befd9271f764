using Microsoft.Data.Analysis;
using Microsoft.DotNet.Interactive.Formatting;
using MnistLab.Data;
using MnistLab.Training;

namespace MnistLab.Notebooks.Tests;

public sealed class ExperimentTests
{
    private static readonly DigitSet Digits = MnistDataset.Load(Workspace.Find().SampleFolder).Train;

    public ExperimentTests() => Lab.Open();

    [Fact]
    public void ExperimentTable_OfRuns_HasTheBestFirst()
    {
        var table = ExperimentTable.Of([new Experiment(0.001, 50, Train(0.001)), new Experiment(0.5, 50, Train(0.5))]);

        Assert.Equal([0.5, 0.001], table["learning rate"].Cast<double>());
        Assert.True((double)table["accuracy"][0] > (double)table["accuracy"][1]);
        Assert.Throws<ArgumentException>(() => ExperimentTable.Of([new Experiment(0.1, 50, Train(0.1, evaluateEveryNSteps: 0))]));
    }

    [Fact]
    public void Lines_OfATable_AreOnePerValueInOrder()
    {
        var table = new DataFrame(
            new DoubleDataFrameColumn("x", [10, 1, 10, 1]),
            new DoubleDataFrameColumn("y", [0.25, 0.5, 0.75, 0.125]),
            new Int32DataFrameColumn("group", [7, 7, 3, 3]));

        var html = Html(Charts.Lines(table, "x", "y", "group"));

        Assert.True(html.IndexOf("\"group 3\"", StringComparison.Ordinal) < html.IndexOf("\"group 7\"", StringComparison.Ordinal));
        Assert.Contains("\"y\":[0.5,0.25]", html, StringComparison.Ordinal);
        Assert.Contains("\"type\":\"log\"", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Fingerprint_OfNetworks_IsEqualForEqualSeedsOnly()
    {
        Assert.Equal(Fingerprint.Of(Train(0.1).Network), Fingerprint.Of(Train(0.1).Network));
        Assert.NotEqual(Fingerprint.Of(Train(0.1).Network), Fingerprint.Of(Train(0.1, seed: 1).Network));
    }

    [Fact]
    public void HeatGrid_OfWeights_HasAPicturePerDigit()
    {
        var grid = HeatGrid.OfWeights(Train(0.1).Network);

        Assert.Equal(Enumerable.Range(0, 10).Select(digit => $"{digit}"), grid.Pictures.Select(picture => picture.Caption));
        Assert.Equal(11, Html(grid).Split("data:image/png;base64,").Length);
        Assert.Contains("softmax", Assert.Throws<ArgumentException>(() => HeatGrid.OfWeights(DigitModels.FastNetwork())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Reliability_OfCalibrations_HasACurveForEachBesideTheHonestOne()
    {
        var calibration = Calibration.Of([0.95f, 0.95f, 0.35f], [true, false, true], bins: 10);

        var html = Html(Charts.Reliability(("first", calibration), ("second", calibration)));

        foreach (var name in new[] { "honest", "first", "second" }) Assert.Contains($"\"{name}\"", html, StringComparison.Ordinal);
        Assert.Contains("\"2 predictions\"", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Balance_OfSets_IsInPercent() => Assert.Contains("[10.0,10.0,10.0,10.0,10.0,10.0,10.0,10.0,10.0,10.0]", Html(Charts.Balance(("train", Digits))), StringComparison.Ordinal);

    [Fact]
    public void OnnxTable_OfAModel_HasItsSteps()
    {
        var graph = OnnxGraph.Read(OnnxExporter.Export(DigitModels.SoftmaxRegression(), "softmax"));

        var table = OnnxTable.Of(graph);

        Assert.Equal(["Flatten", "Gemm"], table["operator"].Cast<string>());
        Assert.Equal([0L, 7850L], table["weights"].Cast<long>());
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
