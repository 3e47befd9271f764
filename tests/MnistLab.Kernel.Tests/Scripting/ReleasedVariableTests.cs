namespace MnistLab.Kernel.Tests;

public sealed class ReleasedVariableTests
{
    private const string Collect = "GC.Collect(); GC.WaitForPendingFinalizers(); GC.Collect();";

    [Fact]
    public async Task Variable_IsDeclaredAnewAgainAndAgain_OldValuesAreReleased()
    {
        using var session = new Session();
        await session.RunAsync("var alive = new List<WeakReference>();");
        for (var i = 0; i < 6; i++) await session.RunAsync("var big = new byte[30_000_000]; alive.Add(new WeakReference(big));");
        Assert.Equal("1", await session.RunAsync($"{Collect} alive.Count(reference => reference.IsAlive)"));
        Assert.Equal("30000000", await session.RunAsync("big.Length"));
    }

    [Theory]
    [InlineData("int Length() => big.Length;")]
    [InlineData("Func<int> Length = () => big.Length;")]
    [InlineData("class Box { public static Func<int> Get; } Box.Get = delegate { return big.Length; }; int Length() => Box.Get();")]
    [InlineData("var lengths = from x in new[] { 1 } select x * big.Length; int Length() => lengths.Single();")]
    public async Task Variable_IsDeclaredAnewWhileOlderCodeUsesIt_ThatCodeSeesTheOldValue(string use)
    {
        using var session = new Session();
        await session.RunAsync("var big = new byte[3];");
        await session.RunAsync(use);
        await session.RunAsync("var big = \"text\";");
        Assert.Equal("3", await session.RunAsync("Length()"));
    }
}
