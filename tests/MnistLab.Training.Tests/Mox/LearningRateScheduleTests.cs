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

    [Theory]
    [InlineData(0, 0.1)]
    [InlineData(2.5, 0.25)]
    [InlineData(5, 0.4)]
    [InlineData(7.5, 0.565685424949238)]
    [InlineData(10, 0.8)]
    [InlineData(14.9, 0.8)]
    [InlineData(15, 0.08)]
    [InlineData(20, 0.08)]
    [InlineData(99, 0.08)]
    public void Parse_OfMoXingsExample_HasItsRates(double epoch, double rate) =>
        Assert.Equal(rate, LearningRateSchedule
            .Parse("5:0.1->0.4, 10:0.4=>0.8,15:0.8,20:0.08", stepsPerEpoch: 10)
            .At((long)(epoch * 10)), 12);

    [Fact]
    public void Parse_OfNumbersInOtherForms_ReadsThem()
    {
        var schedule = LearningRateSchedule.Parse("0.5:1e-3->2E-3,1:.5", 100);

        Assert.Equal(0.0015, schedule.At(25), 12);
        Assert.Equal(0.5, schedule.At(60), 12);
    }

    [Theory]
    [InlineData("", "''")]
    [InlineData("0.1", "'0.1'")]
    [InlineData("5:0.1,", "''")]
    [InlineData("5:0.1->", "'5:0.1->'")]
    [InlineData("5:0", "'5:0'")]
    [InlineData("5:-1", "'5:-1'")]
    [InlineData("5:1->NaN", "'5:1->NaN'")]
    [InlineData("5:0.1->0.2->0.3", "'5:0.1->0.2->0.3'")]
    [InlineData("5:0.1,5:0.2", "'5:0.2'")]
    [InlineData("0:0.1", "'0:0.1'")]
    [InlineData("1.2.3:0.1", "'1.2.3:0.1'")]
    public void Parse_OfWhatIsNoSchedule_NamesThePiece(string text, string named) =>
        Assert.Contains(
            named,
            Assert.Throws<FormatException>(() => LearningRateSchedule.Parse(text, 10)).Message,
            StringComparison.Ordinal);

    [Fact]
    public void Parse_OfAnything_GivesARateOrAFormatException() => Gen.String[Gen.Char["0123456789:,->=.e "], 0, 20].Sample(text =>
    {
        try
        {
            var schedule = LearningRateSchedule.Parse(text, 7);
            for (var step = 0; step < 50; step += 7) Assert.True(schedule.At(step) > 0);
        }
        catch (FormatException)
        {
            // The expected exception.
        }
    });
}
