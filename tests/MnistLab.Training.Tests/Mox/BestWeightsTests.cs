using MnistLab.Data.Datasets;
using MnistLab.Testing;
using MnistLab.Training.Checkpoints;
using MnistLab.Training.Metrics;
using MnistLab.Training.Networks;
using MnistLab.Training.Onnx;
using static TorchSharp.torch;

namespace MnistLab.Training.Tests;

public sealed class BestWeightsTests : IDisposable
{
    private const int Steps = 100;

    private static readonly ImageDataset Validation = Digits.Sample.Test.Subset([.. Enumerable.Range(0, 100).Select(i => i * 10)]);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Run_ThatGetsWorse_ReturnsTheWeightsOfTheBestEvaluation()
    {
        var log = new StringWriter();
        var result = Train(log: log);
        using var network = result.Network;
        var best = result.Reports.Where(report => report.IsValidation).MinBy(report => report.Loss)!;

        Assert.True(result.Reports[^1].Loss > 1.5 * best.Loss && best.Step > 10, "The run has to get worse, after it got better.");
        Assert.Equal(best.Loss, LossOf(network), 6);
        var line = $"step: {Steps} restored the weights of step {best.Step}, the best by validation loss (";
        Assert.Contains(line, log.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Run_ThatStopsEarly_ReturnsTheWeightsOfTheBestEvaluation()
    {
        var result = Train(hooks: [new EarlyStoppingHook(patience: 2)]);
        using var network = result.Network;
        var best = result.Reports.Where(report => report.IsValidation).MinBy(report => report.Loss)!;

        Assert.NotNull(result.StopReason);
        Assert.True(best.Step < result.Steps);
        Assert.Equal(best.Loss, LossOf(network), 6);
    }

    [Fact]
    public void Evaluation_OfARunThatGotWorse_LoadsTheBestWeights()
    {
        var trained = Train(_folder.Path);
        trained.Network.Dispose();
        var best = trained.Reports.Where(report => report.IsValidation).Min(report => report.Loss);
        var log = new StringWriter();

        var evaluated = Mox.Run(_ => Validation, _ => Model(), runMode: RunMode.Eval, log: log, logDir: _folder.Path);
        evaluated.Network.Dispose();

        Assert.Equal(best, evaluated.Reports[^1].Loss, 6);
        Assert.Contains(CheckpointFolder.BestName + ", the best by validation loss", log.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Run_AskedForTheLastWeights_ReturnsAndLoadsThem()
    {
        var trained = Train(_folder.Path, restore: false);
        using var network = trained.Network;
        var last = trained.Reports.Last(report => report.IsValidation);

        var evaluated = Mox.Run(
            _ => Validation, _ => Model(), runMode: RunMode.Eval, log: TextWriter.Null, logDir: _folder.Path, restoreBestWeights: false);
        evaluated.Network.Dispose();

        Assert.Equal(last.Loss, LossOf(network), 6);
        Assert.Equal(last.Loss, evaluated.Reports[^1].Loss, 6);
        Assert.Equal((Steps, Steps), (trained.WeightsStep, trained.Validation!.Step));
    }

    [Fact]
    public void Result_OfARunThatGotWorse_SaysWhichWeightsItHas()
    {
        var result = Train(_folder.Path, export: _folder["export"]);
        using var network = result.Network;
        var best = result.Reports.Where(report => report.IsValidation).MinBy(report => report.Loss)!;

        Assert.Equal((best.Step, Steps), (result.WeightsStep, result.Steps));
        Assert.Equal(best.Metrics, result.Validation!.Metrics);
        Assert.Equal(best.Metrics, MetricsLog.Read(_folder.Path).Final!.Metrics);
        Assert.Equal(OnnxExporter.Export(network, "model"), File.ReadAllBytes(_folder["export/1/model.onnx"]));
        // The last step is kept unchanged, so that a run can resume from it.
        Assert.Equal(Steps, new CheckpointFolder(_folder["checkpoints"]).All[^1].Step);
    }

    [Fact]
    public void Run_WithoutEvaluation_KeepsItsWeightsAndHasNoMetricsForThem()
    {
        var result = Train(evaluateEvery: 0);
        result.Network.Dispose();

        Assert.Equal((Steps, null), (result.WeightsStep, result.Validation));
    }

    [Fact]
    public void Run_InterruptedAtAnyStep_RestoresTheSameWeights()
    {
        var whole = Train();
        using var network = whole.Network;
        foreach (var stop in new[] { 5, 38, 40, 55, 99 })
        {
            var folder = _folder[$"stop-{stop}"];
            using var cancellation = new CancellationTokenSource();
            var hook = new CancelAt(stop, cancellation);
            Assert.Throws<OperationCanceledException>(() => Train(folder, hooks: [hook], cancellationToken: cancellation.Token));

            var resumed = Train(folder);
            using var other = resumed.Network;

            Assert.Equal(stop, resumed.StartStep);
            Assert.Equal(Bytes(network), Bytes(other));
            Assert.Equal(whole.Validation!.Metrics, resumed.Validation!.Metrics);
        }
    }

    [Fact]
    public void Run_AtItsLastStepAlready_RestoresTheBestWeights()
    {
        using var first = Train(_folder.Path).Network;
        var again = Train(_folder.Path);
        using var second = again.Network;

        Assert.Equal(Steps, again.StartStep);
        Assert.Equal(Bytes(first), Bytes(second));
    }

    [Fact]
    public void Run_WhoseBestCheckpointIsLost_KeepsItsWeightsAndSaysSo()
    {
        Train(_folder.Path).Network.Dispose();
        File.Delete(_folder["checkpoints/best.safetensors"]);
        var log = new StringWriter();

        var result = Train(_folder.Path, log: log);
        result.Network.Dispose();

        Assert.Equal(Steps, result.WeightsStep);
        Assert.Contains("are lost, because their checkpoint is missing", log.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Evaluation_AfterARunThatDidNotEvaluate_LoadsTheNewestWeights()
    {
        // The best weights in the folder are from the earlier run.
        Train(_folder.Path).Network.Dispose();
        Train(_folder.Path, evaluateEvery: 0, steps: Steps + 10).Network.Dispose();

        var evaluated = Mox.Run(_ => Validation, _ => Model(), runMode: RunMode.Eval, log: TextWriter.Null, logDir: _folder.Path);
        evaluated.Network.Dispose();

        Assert.Equal(Steps + 10, evaluated.Steps);
    }

    // Learns during the first half of its steps; then the learning rate is much too high.
    private static RunResult Train(
        string? logDir = null,
        int evaluateEvery = 10,
        bool restore = true,
        int steps = Steps,
        string? export = null,
        TextWriter? log = null,
        IReadOnlyList<RunHook>? hooks = null,
        CancellationToken cancellationToken = default) => Mox.Run(
            mode => mode == RunMode.Train ? Digits.Few : Validation,
            _ => Model(),
            Mox.GetOptimizerFn("sgd", LearningRateSchedule.Parse("1:0.1,2:200", stepsPerEpoch: Steps / 2)),
            batchSize: 20,
            maxNumberOfSteps: steps,
            evaluateEveryNSteps: evaluateEvery,
            seed: 4,
            log: log ?? TextWriter.Null,
            logDir: logDir,
            exportModel: export,
            hooks: hooks,
            restoreBestWeights: restore,
            cancellationToken: cancellationToken);

    private static ModelSpec Model() => ModelSpec.Classifier(DigitModels.SoftmaxRegression());

    private static double LossOf(nn.Module<Tensor, Tensor> network) => Mox.Run(
        _ => Validation,
        _ => ModelSpec.Classifier(network) with { IsTrained = true },
        runMode: RunMode.Eval,
        log: TextWriter.Null).Reports[^1].Loss;

    private static byte[] Bytes(nn.Module<Tensor, Tensor> network) =>
        [.. network.state_dict().OrderBy(item => item.Key, StringComparer.Ordinal).SelectMany(item => item.Value.bytes.ToArray())];

    private sealed class CancelAt(long step, CancellationTokenSource cancellation) : RunHook
    {
        public override void AfterStep(RunContext run, double loss)
        {
            if (run.Step == step) cancellation.Cancel();
        }
    }
}
