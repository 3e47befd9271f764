using MnistLab.Testing;

namespace MnistLab.EndToEnd;

/// <summary>Tests mixed load on all components; the benchmark <c>soak</c> does the same for half an hour.</summary>
public sealed class SoakTests
{
    // A leak of a handle, a thread, or a model per request or update would exceed this many times over.
    private const double MaxGrowth = 1.25;
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(TestSize.IsFull ? 60 : 20);

    [Fact]
    public async Task Service_UnderMixedLoad_FailsNoRequestAndHoldsNoMore()
    {
        await using var soak = new Soak();

        await soak.RunAsync(Duration);

        Assert.All(soak.Done, work => Assert.True(work.Value > 1, $"{work.Key}: {work.Value}"));
        Assert.InRange(ProcessSample.Growth(soak.Samples, sample => sample.Megabytes), 0, MaxGrowth);
        Assert.InRange(ProcessSample.Growth(soak.Samples, sample => sample.Handles), 0, MaxGrowth);
        Assert.InRange(ProcessSample.Growth(soak.Samples, sample => sample.Threads), 0, MaxGrowth);
    }
}
