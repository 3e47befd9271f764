using System.Globalization;
using System.Text.RegularExpressions;
using MnistLab.Testing;
using MnistLab.Training.Checkpoints;
using MnistLab.Training.EventLog;
using MnistLab.Training.Inputs;
using MnistLab.Training.Jobs;
using MnistLab.Training.Metrics;
using MnistLab.Training.Networks;
using MnistLab.Training.Results;
using MnistLab.Training.Search;

namespace MnistLab.Training.Tests;

/// <summary>
/// Tests that logs, files, and messages are the same in every culture: with a decimal comma (de-DE) and with a
/// different minus sign (sv-SE).
/// </summary>
public sealed partial class CultureTests
{
    public static TheoryData<string> Cultures { get; } = ["de-DE", "sv-SE"];

    [Theory, MemberData(nameof(Cultures))]
    public void Run_InAnotherCulture_WritesTheSame(string culture)
    {
        using var folder = new TemporaryFolder();

        var expected = InCulture("", () => Train(folder["invariant"]));
        var actual = InCulture(culture, () => Train(folder["other"]));

        Assert.Equal(expected.Log, actual.Log);
        Assert.Equal(expected.Metrics, actual.Metrics);
        Assert.Equal(expected.Events, actual.Events);
        Assert.Contains("the learning rate is multiplied by 0.5", expected.Log, StringComparison.Ordinal);
        Assert.Contains("restored the weights of step ", expected.Log, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Cultures))]
    public void Run_ResumedInAnotherCulture_EndsWithTheSameWeights(string culture)
    {
        using var folder = new TemporaryFolder();
        InCulture(culture, () => Train(folder["run"], steps: 45));

        var resumed = InCulture("", () => Train(folder["run"]));
        var whole = InCulture("", () => Train(folder["whole"]));

        Assert.Equal(whole.Validation, resumed.Validation);
        Assert.Contains("step: 45 resumes from ", resumed.Log, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Cultures))]
    public void Messages_InAnotherCulture_AreTheSame(string culture)
    {
        Action[] failures =
        [
            () => LearningRateSchedule.Constant(-0.5),
            () => LearningRateSchedule.OneCycle(0.1, 10, 1.5),
            () => LearningRateSchedule.Parse("1:0.1", -0.5),
            () => LearningRateSchedule.Parse("1,5:0.1", 1),
            () => _ = new AffineAugmentation(-0.5),
            () => ModelSpec.Classifier(DigitModels.SoftmaxRegression(), 1.5),
            () => _ = new EarlyStoppingHook(minDelta: -0.5),
            () => _ = new PlateauHook(factor: 1.5),
            () => SearchRange.Uniform(0.5, 0.25),
            () => SearchRange.LogUniform(-0.5, 0.25),
            () => Mox.Run(_ => Digits.Few, _ => throw new NotSupportedException(), Mox.GetOptimizerFn("sgd", 0.1), saveModelSecs: -0.5),
            () => Mox.Run(_ => Digits.Few, _ => throw new NotSupportedException(), Mox.GetOptimizerFn("sgd", 0.1), batchSize: -5),
            () => Mox.Run(
                _ => Digits.Few, _ => throw new NotSupportedException(), Mox.GetOptimizerFn("sgd", 0.1), evaluateEveryNSteps: -5),
            () => LearningRateSchedule.OneCycle(0.1, -10),
            () => _ = new EarlyStoppingHook(patience: -1),
            () => _ = new PlateauHook(maxDrops: -1),
            () => _ = new MetricsLog("unused", -1),
            () => _ = new CheckpointFolder("unused", -1),
            () => Calibration.Compute([0.5f], [true], -1),
            () => SearchRange.Integer(-1, -2),
            () => SearchSpace.Random(-1, 1, ("a", SearchRange.Uniform(-1, 1))),
            () => TrainingSettings.Validate(new Dictionary<string, string> { ["learning_rate"] = "0,5" }),
            () => throw new DivergedException(1_234, double.NegativeInfinity, 0.00015, [1, 2]),
        ];
        string MessageOf(Action failure) => Assert.ThrowsAny<Exception>(failure).Message;

        Assert.All(
            failures, failure => Assert.Equal(InCulture("", () => MessageOf(failure)), InCulture(culture, () => MessageOf(failure))));
    }

    [Theory, MemberData(nameof(Cultures))]
    public void Values_InAnotherCulture_AreReadAndWrittenTheSame(string culture)
    {
        string[] Values() =>
        [
            .. SearchSpace.Random(
                    5, 1, ("a", SearchRange.Uniform(-1, 1)), ("b", SearchRange.LogUniform(1e-6, 1)), ("c", SearchRange.Integer(-9, 9)))
                .Trials.SelectMany(trial => trial.Values),
            TrainingSettings.Resolve(new Dictionary<string, string> { ["seed"] = "-5", ["weight_decay"] = "0.25" }, 55_000).ToString(),
            new JobArguments(["--x=-0.5"]).Number("x", 0).ToString(CultureInfo.InvariantCulture),
            LearningRateSchedule.Parse("0.5:0.25->0.125", 10).At(1).ToString(CultureInfo.InvariantCulture),
            new StepReport(1_000_000, new Dictionary<string, double> { ["loss"] = -1234.5 }, 12_345.6).ToString(),
        ];

        Assert.Equal(InCulture("", Values), InCulture(culture, Values));
    }

    // Improves, then gets worse: with a plateau, early stopping, and restored weights.
    private static (string Log, string Metrics, IReadOnlyList<string> Events, string? Validation) Train(string logDir, int steps = 100)
    {
        var log = new StringWriter();
        var result = Mox.Run(
            mode => mode == RunMode.Train ? Digits.Few : Digits.Sample.Test,
            _ => ModelSpec.Classifier(DigitModels.SoftmaxRegression(), labelSmoothing: 0.05),
            Mox.GetOptimizerFn("sgd", LearningRateSchedule.Parse("0.5:0.1->0.05,1.5:200", stepsPerEpoch: 100)),
            batchSize: 20,
            maxNumberOfSteps: steps,
            evaluateEveryNSteps: 5,
            seed: -3,
            log: log,
            logDir: logDir,
            hooks: [new PlateauHook(patience: 2, factor: 0.5, maxDrops: 3)],
            augmentation: new AffineAugmentation(0.5),
            hyperParameters: new Dictionary<string, string> { ["learning_rate"] = "0.5" });
        result.Network.Dispose();
        var events = new EventLogReader(EventLogReader.FilesOf(logDir)[^1]).Read().Where(value => value.Tag != "samples_per_second");
        return (
            Speed().Replace(log.ToString(), ""),
            Speed().Replace(File.ReadAllText(Path.Combine(logDir, MetricsLog.FileName)), ""),
            [.. events.Select(Describe)],
            result.Validation?.ToString());
    }

    private static string Describe(LoggedValue value) => value switch
    {
        ScalarPoint scalar => string.Create(CultureInfo.InvariantCulture, $"{scalar.Tag} {scalar.Step} {scalar.Value:R}"),
        LoggedText text => text.Markdown,
        LoggedHyperParameters parameters => string.Join(' ', parameters.Values.OrderBy(item => item.Key, StringComparer.Ordinal)),
        _ => value.Tag,
    };

    private static T InCulture<T>(string name, Func<T> work)
    {
        var before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo(name);
        try
        {
            return work();
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    // The speed of a run differs each time.
    [GeneratedRegex(@"sample/sec: \S+|""samples_per_second"":[^,]+")]
    private static partial Regex Speed();
}
