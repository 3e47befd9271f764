using MnistLab.Testing;
using MnistLab.Training.Inputs;
using MnistLab.Training.Metrics;
using MnistLab.Training.Networks;
using MnistLab.Training.Results;
using TorchSharp;
using static TorchSharp.torch;

namespace MnistLab.Training.Tests;

public sealed class MoxTests
{
    [Fact]
    public void Run_ForSomeSteps_LogsEveryNthAndTheLast()
    {
        var log = new StringWriter();
        using var network = Train(log: log, steps: 25, logEvery: 10).Network;

        var lines = log.ToString().TrimEnd().ReplaceLineEndings("\n").Split('\n');
        Assert.Equal(["step: 10(", "step: 20(", "step: 25("], lines.Select(line => line[..9]));
        Assert.All(lines, line => Assert.Matches(
            @"^step: \d+\(global step: \d+\) sample/sec: \d+\.\d\d loss: \d+\.\d{3} accuracy: [01]\.\d{3}$", line));
    }

    [Fact]
    public void Run_WithEvaluation_ReportsValidationEveryNthStepAndAtTheEnd()
    {
        var result = Train(steps: 25, logEvery: 100, evaluateEvery: 10);
        using var network = result.Network;

        Assert.Equal([10, 20, 25], result.Reports.Where(report => report.IsValidation).Select(report => report.Step));
    }

    [Theory]
    [InlineData(DigitModels.Softmax)]
    [InlineData(DigitModels.Fast)]
    [InlineData(DigitModels.LeNet)]
    [InlineData(DigitModels.Best)]
    public void Run_TwiceWithTheSameSeed_GivesTheSameWeights(string model)
    {
        using var first = Train(model, seed: 7).Network;
        using var second = Train(model, seed: 7).Network;
        using var other = Train(model, seed: 8).Network;

        Assert.Equal(Weights(first), Weights(second));
        Assert.NotEqual(Weights(first), Weights(other));
    }

    [Fact]
    public void Run_WithOptionsAsAnObject_IsTheRunOfTheSameParameters()
    {
        var progress = new List<StepReport>();
        var options = new RunOptions
        {
            BatchSize = 20,
            MaxNumberOfSteps = 6,
            LogEveryNSteps = 2,
            EvaluateEveryNSteps = 3,
            Seed = 7,
            Log = TextWriter.Null,
            Progress = new Collector(progress),
        };
        RunResult Run(RunOptions given) => Mox.Run(
            _ => Digits.Few, _ => ModelSpec.Classifier(DigitModels.LeNet5()), Mox.GetOptimizerFn("adam", 0.01), given);
        using var same = Mox.Run(
            _ => Digits.Few,
            _ => ModelSpec.Classifier(DigitModels.LeNet5()),
            Mox.GetOptimizerFn("adam", 0.01),
            batchSize: 20,
            maxNumberOfSteps: 6,
            logEveryNSteps: 2,
            evaluateEveryNSteps: 3,
            seed: 7,
            log: TextWriter.Null).Network;

        using var network = Run(options).Network;
        using var other = Run(options with { Seed = 8 }).Network;

        Assert.Equal(Weights(same), Weights(network));
        Assert.NotEqual(Weights(other), Weights(network));
        Assert.Equal([2, 3, 4, 6, 6, 2, 3, 4, 6, 6], progress.Select(report => report.Step));
        Assert.StartsWith(
            "batchSize must be at least 1, but was 0.",
            Assert.Throws<ArgumentOutOfRangeException>(() => Run(options with { BatchSize = 0 })).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Run_OfSoftmaxOnTheSample_LearnsToRecogniseDigits()
    {
        var result = Train(steps: 300, onFew: false, evaluateEvery: 300, logEvery: 300);
        using var network = result.Network;

        Assert.InRange(result.Reports[^1].Accuracy, 0.7, 1);
    }

    [Fact]
    public void Run_InEvalMode_MeasuresAndLeavesTheWeightsAlone()
    {
        using var network = Train(steps: 50).Network;
        var before = Weights(network);

        var result = Mox.Run(
            _ => Digits.Few,
            _ => ModelSpec.Classifier(network) with { IsTrained = true },
            runMode: RunMode.Eval,
            log: TextWriter.Null);

        Assert.Equal(Evaluation.Compute(network, Digits.Few).Accuracy, result.Reports.Single().Accuracy, 5);
        Assert.Equal(before, Weights(network));
    }

    [Fact]
    public void Run_WithAllThatARunMayDo_KeepsTheNumberOfLiveTensors()
    {
        using var folder = new TemporaryFolder();
        long LeftBy(string logDir, int steps)
        {
            var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
            Mox.Run(
                _ => Digits.Few,
                _ => ModelSpec.Classifier(DigitModels.FastNetwork(), labelSmoothing: 0.1),
                Mox.GetOptimizerFn("adamw", 0.01),
                batchSize: 20,
                maxNumberOfSteps: steps,
                logEveryNSteps: 3,
                evaluateEveryNSteps: 7,
                saveSummarySteps: 5,
                saveModelSteps: 6,
                augmentation: new AffineAugmentation(1),
                logDir: folder[logDir],
                log: TextWriter.Null).Network.Dispose();
            return DisposeScopeManager.Statistics.ThreadTotalLiveCount - before;
        }

        // A short run, one with many steps, and one that resumes from it.
        Assert.Equal([0, 0, 0], new[] { LeftBy("few", 2), LeftBy("many", 60), LeftBy("many", 120) });
    }

    [Fact]
    public void Run_WhenCancelled_Stops()
    {
        using var cancellation = new CancellationTokenSource();
        var progress = new CancelAtFirst(cancellation);

        Assert.Throws<OperationCanceledException>(
            () => Train(steps: 1_000_000, logEvery: 1, progress: progress, cancellationToken: cancellation.Token));
        Assert.Equal(1, progress.Reports);
    }

    [Fact]
    public void Run_WithABatchLargerThanTheSet_SaysHowLargeTheSetIs()
    {
        var error = Assert.Throws<ArgumentException>(() => Train(batch: 101));
        Assert.Contains("100 samples", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void GetOptimizerFn_OfAnUnknownName_NamesTheKnownOnes()
    {
        var error = Assert.Throws<ArgumentException>(() => Mox.GetOptimizerFn("lion", 0.1));
        Assert.Contains("sgd, momentum, adagrad, adadelta, rmsprop, adam, adamw", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void GetOptimizerFn_OfFtrl_SaysThatItIsMissing() =>
        Assert.Contains(
            "TorchSharp has none",
            Assert.Throws<ArgumentException>(() => Mox.GetOptimizerFn("ftrl", 0.1)).Message,
            StringComparison.Ordinal);

    [Theory]
    [InlineData("sgd", 0.1)]
    [InlineData("momentum", 0.01)]
    [InlineData("adagrad", 0.01)]
    [InlineData("adadelta", 1)]
    [InlineData("rmsprop", 0.001)]
    [InlineData("adam", 0.001)]
    [InlineData("adamw", 0.001)]
    public void Run_WithEachOptimizer_MakesTheLossSmaller(string name, double rate)
    {
        var result = Mox.Run(
            _ => Digits.Few,
            _ => ModelSpec.Classifier(DigitModels.SoftmaxRegression()),
            Mox.GetOptimizerFn(name, rate),
            batchSize: 100,
            maxNumberOfSteps: 50,
            logEveryNSteps: 1,
            log: TextWriter.Null);
        using var network = result.Network;

        Assert.True(result.Reports[^1].Loss < 0.9 * result.Reports[0].Loss, $"{result.Reports[0].Loss} -> {result.Reports[^1].Loss}");
    }

    private static RunResult Train(
        string model = DigitModels.Softmax,
        int steps = 20,
        int batch = 50,
        int logEvery = 10,
        int evaluateEvery = 0,
        long seed = 1,
        bool onFew = true,
        TextWriter? log = null,
        IProgress<StepReport>? progress = null,
        CancellationToken cancellationToken = default) => Mox.Run(
            mode => onFew ? Digits.Few : mode == RunMode.Train ? Digits.Sample.Train : Digits.Sample.Test,
            _ => ModelSpec.Classifier(DigitModels.Create(model)),
            Mox.GetOptimizerFn("sgd", 0.01),
            RunMode.Train,
            batch,
            steps,
            logEvery,
            evaluateEvery,
            seed,
            log: log ?? TextWriter.Null,
            progress: progress,
            cancellationToken: cancellationToken);

    private static float[] Weights(nn.Module<Tensor, Tensor> network) =>
        [.. network.parameters().SelectMany(parameter => parameter.data<float>().ToArray())];

    private sealed class Collector(List<StepReport> reports) : IProgress<StepReport>
    {
        public void Report(StepReport value) => reports.Add(value);
    }

    private sealed class CancelAtFirst(CancellationTokenSource cancellation) : IProgress<StepReport>
    {
        public int Reports { get; private set; }

        public void Report(StepReport value)
        {
            Reports++;
            cancellation.Cancel();
        }
    }
}
