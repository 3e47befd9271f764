using MnistLab.Training.Metrics;

namespace MnistLab.Training.Tests;

public sealed class StepReportTests
{
    [Fact]
    public void ToString_OfATrainingStep_IsTheTutorialsLine() => Assert.Equal(
        "step: 10(global step: 10) sample/sec: 42.18 loss: 3.977 accuracy: 0.188",
        new StepReport(10, new Dictionary<string, double> { ["loss"] = 3.977, ["accuracy"] = 0.188 }, 42.18).ToString());

    [Fact]
    public void ToString_OfAValidation_IsTheTutorialsLine() => Assert.Equal(
        "[VALIDATION METRICS] step: 31 loss: 0.412 accuracy: 0.890",
        new StepReport(31, new Dictionary<string, double> { ["loss"] = 0.412, ["accuracy"] = 0.89 }).ToString());
}
