using MnistLab.Testing;
using MnistLab.Training.Networks;
using static TorchSharp.torch;

namespace MnistLab.Training.Tests;

public sealed class HookTests
{
    [Fact]
    public void EarlyStopping_WithoutProgress_EndsTheRunAndSaysWhy()
    {
        var log = new StringWriter();
        var result = Train(1e-12, [new EarlyStoppingHook(minDelta: 1e-3, patience: 3)], log: log);
        using var network = result.Network;

        // The first evaluation is the best one; three others may follow.
        Assert.Equal(40, result.Steps);
        Assert.Contains("loss has not improved on", result.StopReason, StringComparison.Ordinal);
        Assert.Contains($"step: 40 stopped early: {result.StopReason}", log.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void EarlyStopping_WithProgress_LetsTheRunEnd()
    {
        var result = Train(0.1, [new EarlyStoppingHook("accuracy", patience: 10)]);
        using var network = result.Network;

        Assert.Equal((100, null), (result.Steps, result.StopReason));
    }

    [Fact]
    public void EarlyStopping_OfAMissingMetric_NamesThoseThatExist() => Assert.Contains(
        "loss, accuracy",
        Assert.Throws<ArgumentException>(() => Train(0.1, [new EarlyStoppingHook("f1", mode: MonitorMode.Max)])).Message,
        StringComparison.Ordinal);

    [Fact]
    public void EarlyStopping_OfAMetricThatFalls_GoesOnInModeMinAndStopsInModeMax()
    {
        var falls = new Dictionary<string, Func<Tensor, Tensor, Tensor>>
        {
            ["error"] = (logits, labels) => nn.functional.cross_entropy(logits, labels),
        };
        RunResult Run(MonitorMode mode) => Train(0.1, [new EarlyStoppingHook("error", patience: 2, mode: mode)], metrics: falls);
        var (min, max) = (Run(MonitorMode.Min), Run(MonitorMode.Max));
        using var first = min.Network;
        using var second = max.Network;

        Assert.Equal((100, null), (min.Steps, min.StopReason));
        Assert.Equal(30, max.Steps);
        Assert.Contains("error has not improved", max.StopReason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nll")]
    [InlineData("error")]
    [InlineData("top-5")]
    public void Hook_OfAMetricWhoseNameDoesNotSayIt_AsksForTheMode(string metric)
    {
        foreach (var create in new Func<RunHook>[] { () => new EarlyStoppingHook(metric), () => new PlateauHook(metric) })
        {
            Assert.StartsWith(
                $"Is '{metric}' better when it is lower or higher? Pass MonitorMode.Min or MonitorMode.Max",
                Assert.Throws<ArgumentException>(create).Message,
                StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("loss", MonitorMode.Max, "'loss' is better when it is lower, but the mode is Max.")]
    [InlineData("accuracy", MonitorMode.Min, "'accuracy' is better when it is higher, but the mode is Min.")]
    [InlineData("loss", (MonitorMode)7, "The mode 7 does not exist.")]
    public void Hook_WithAModeThatContradictsTheMetric_IsRefused(string metric, MonitorMode mode, string message) => Assert.StartsWith(
        message, Assert.Throws<ArgumentException>(() => new EarlyStoppingHook(metric, mode: mode)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("loss", MonitorMode.Min)]
    [InlineData("accuracy", MonitorMode.Max)]
    public void Hook_WithTheModeOfTheMetric_TakesIt(string metric, MonitorMode mode) =>
        Assert.Equal(new EarlyStoppingHook(metric).Best, new EarlyStoppingHook(metric, mode: mode).Best);

    [Fact]
    public void Plateau_WithoutProgress_LowersTheRateAndThenEndsTheRun()
    {
        var factors = new List<double>();
        var result = Train(1e-12, [new PlateauHook(minDelta: 1e-3, patience: 2, factor: 0.5, maxDrops: 2),
            new Watch(run => factors.Add(run.LearningRateFactor))]);
        using var network = result.Network;

        Assert.Equal([1, 0.5, 0.25], factors.Distinct());
        Assert.Equal(70, result.Steps);
        Assert.Contains("lowered 2 times", result.StopReason, StringComparison.Ordinal);
    }

    [Fact]
    public void Hooks_OfARunThatGoesOn_RememberWhatTheyKnew()
    {
        using var folder = new TemporaryFolder();
        RunHook[] Hooks() => [new PlateauHook(minDelta: 1e-3, patience: 2, factor: 0.5, maxDrops: 2),
            new EarlyStoppingHook(minDelta: 1e-3, patience: 6)];
        var whole = Train(1e-12, Hooks());
        whole.Network.Dispose();
        using var cancellation = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => Train(
            1e-12,
            [.. Hooks(), new Watch(run => CancelAt(run, 35, cancellation))],
            folder.Path,
            cancellationToken: cancellation.Token));

        var resumed = Train(1e-12, Hooks(), folder.Path);
        resumed.Network.Dispose();

        Assert.Equal(35, resumed.StartStep);
        Assert.Equal((whole.Steps, whole.StopReason), (resumed.Steps, resumed.StopReason));
    }

    [Fact]
    public void Run_ThatDiverges_StopsWithTheStepTheRateAndTheBatch()
    {
        var error = Assert.Throws<DivergedException>(() => Train(1e38, []));

        Assert.InRange(error.Step, 2, 10);
        Assert.Equal(1e38, error.LearningRate);
        Assert.Equal(20, error.Samples.Distinct().Count());
        Assert.All(error.Samples, sample => Assert.InRange(sample, 0, Digits.Few.Count - 1));
        Assert.StartsWith($"The loss of step {error.Step} is ", error.Message, StringComparison.Ordinal);
        Assert.Contains("The learning rate was 1E+38; the batch contained the samples ", error.Message, StringComparison.Ordinal);
        Assert.Contains("Try a lower learning rate", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1000, "such as 100.")]
    [InlineData(0.003, "such as 0.0003.")]
    [InlineData(1e38, "such as 1E+37.")]
    public void Message_OfADivergedRun_SuggestsARateAsOneWritesIt(double learningRate, string expected) =>
        Assert.EndsWith(expected, new DivergedException(7, double.NaN, learningRate, [1]).Message, StringComparison.Ordinal);

    private static void CancelAt(RunContext run, long step, CancellationTokenSource cancellation)
    {
        if (run.Step == step) cancellation.Cancel();
    }

    private static RunResult Train(
        double rate,
        IReadOnlyList<RunHook> hooks,
        string? logDir = null,
        TextWriter? log = null,
        IReadOnlyDictionary<string, Func<Tensor, Tensor, Tensor>>? metrics = null,
        CancellationToken cancellationToken = default) => Mox.Run(
        _ => Digits.Few,
        _ => ModelSpec.Classifier(DigitModels.SoftmaxRegression()) is var model && metrics is null
            ? model
            : model with { LogInfo = metrics },
        Mox.GetOptimizerFn("sgd", rate),
        batchSize: 20,
        maxNumberOfSteps: 100,
        evaluateEveryNSteps: 10,
        log: log ?? TextWriter.Null,
        logDir: logDir,
        hooks: hooks,
        cancellationToken: cancellationToken);

    private sealed class Watch(Action<RunContext> then) : RunHook
    {
        public override void AfterStep(RunContext run, double loss) => then(run);
    }
}
