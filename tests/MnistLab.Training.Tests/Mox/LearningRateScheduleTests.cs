using CsCheck;

namespace MnistLab.Training.Tests;

public sealed class LearningRateScheduleTests
{
    [Fact]
    public void OneCycle_OverItsSteps_RisesToThePeakAndFallsToItsEnd()
    {
        var schedule = LearningRateSchedule.OneCycle(0.01, 1001);

        Assert.Equal(0.01 / 25, schedule.At(0), 12);
        Assert.Equal(0.01, schedule.At(250), 12);
        Assert.Equal(0.01 / 250_000, schedule.At(1000), 12);
        Assert.Equal(schedule.At(1000), schedule.At(5000));
    }

    [Fact]
    public void OneCycle_AtAnyStep_StaysBetweenItsEndAndItsPeak() =>
        Gen.Select(Gen.Double[1e-5, 10], Gen.Long[1, 5000], Gen.Double[0.01, 0.99], Gen.Long[0, 6000]).Sample((peak, steps, warmUp, step) =>
            Assert.InRange(LearningRateSchedule.OneCycle(peak, steps, warmUp).At(step), peak / 250_000 * 0.999999, peak * 1.000001));

    [Theory]
    [InlineData(0)]
    [InlineData(-0.1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Constant_OfWhatIsNoRate_IsRefused(double rate) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => LearningRateSchedule.Constant(rate));
}
