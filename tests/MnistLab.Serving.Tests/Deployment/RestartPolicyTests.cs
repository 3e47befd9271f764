using MnistLab.Serving.Deployment;

namespace MnistLab.Serving.Tests;

public sealed class RestartPolicyTests
{
    private readonly SteppedTime _time = new();

    [Fact]
    public void Crashed_AgainAndAgain_WaitsTwiceAsLongEachTimeUpToHalfAMinute()
    {
        var policy = new RestartPolicy(_time);

        var delays = Enumerable.Range(0, 12).Select(_ => policy.Crashed().TotalSeconds).ToArray();

        Assert.Equal([0, 0.25, 0.5, 1, 2, 4, 8, 16, 30, 30, 30, 30], delays);
        Assert.Equal(12, policy.Crashes);
    }

    [Fact]
    public void Crashed_AfterAMinuteOfCalm_BeginsAnew()
    {
        var policy = new RestartPolicy(_time);
        for (var crash = 0; crash < 5; crash++) policy.Crashed();
        policy.Started();

        _time.Pass(TimeSpan.FromSeconds(59));
        var early = policy.ForgetIfCalm();
        _time.Pass(TimeSpan.FromSeconds(1));
        var calm = policy.ForgetIfCalm();

        Assert.Equal((false, true), (early, calm));
        Assert.Equal(TimeSpan.Zero, policy.Crashed());
    }

    [Fact]
    public void Crashed_WhenTheSystemClockIsSet_CountsOnlyTheTimeThatHasPassed()
    {
        var policy = new RestartPolicy(_time);
        for (var crash = 0; crash < 5; crash++) policy.Crashed();
        policy.Started();

        _time.SetClock(TimeSpan.FromHours(1));
        var soon = policy.IsCalm;
        _time.SetClock(TimeSpan.FromDays(-30));
        _time.Pass(TimeSpan.FromMinutes(1));

        Assert.Equal((false, true), (soon, policy.IsCalm));
    }

    private sealed class SteppedTime : TimeProvider
    {
        private DateTimeOffset _now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

        private TimeSpan _passed;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override DateTimeOffset GetUtcNow() => _now;

        public override long GetTimestamp() => _passed.Ticks;

        public void Pass(TimeSpan time) => (_now, _passed) = (_now + time, _passed + time);

        public void SetClock(TimeSpan by) => _now += by;
    }
}
