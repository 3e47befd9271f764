using CsCheck;

namespace MnistLab.Training.Tests;

public sealed class StepReportTests
{
    private static readonly Gen<double> Figure = Gen.Int[0, 9_999_999].Select(thousandths => thousandths / 1000.0);

    [Fact]
    public void ToString_OfATrainingStep_IsTheTutorialsLine() => Assert.Equal(
        "step: 10(global step: 10) sample/sec: 42.18 loss: 3.977 accuracy: 0.188",
        new StepReport(10, new Dictionary<string, double> { ["loss"] = 3.977, ["accuracy"] = 0.188 }, 42.18).ToString());

    [Fact]
    public void ToString_OfAValidation_IsTheTutorialsLine() => Assert.Equal(
        "[VALIDATION METRICS] step: 31 loss: 0.412 accuracy: 0.890",
        new StepReport(31, new Dictionary<string, double> { ["loss"] = 0.412, ["accuracy"] = 0.89 }).ToString());

    [Fact]
    public void TryParse_OfALine_GivesTheReportThatWroteIt() =>
        Gen.Select(Gen.Long[1, 1_000_000], Figure, Figure, Figure, Gen.Bool).Sample((step, loss, accuracy, rate, validation) =>
        {
            var report = new StepReport(step, new Dictionary<string, double> { ["loss"] = loss, ["accuracy"] = accuracy }, validation ? null : Math.Round(rate, 2));

            Assert.True(StepReport.TryParse(report.ToString(), out var parsed));
            Assert.Equal(
                (report.Step, report.Loss, report.Accuracy, report.SamplesPerSecond, report.IsValidation),
                (parsed!.Step, parsed.Loss, parsed.Accuracy, parsed.SamplesPerSecond, parsed.IsValidation));
        });

    [Theory]
    [InlineData("")]
    [InlineData("[worker-0][Duration: 1.2s] code downloaded")]
    [InlineData("step: 10(global step: 10) sample/sec: 42.18")]
    [InlineData("a step: 10(global step: 10) sample/sec: 42.18 loss: 3.977")]
    public void TryParse_OfAnotherLine_IsFalse(string line) => Assert.False(StepReport.TryParse(line, out _));
}
