using System.Diagnostics;
using MnistLab.Testing;

namespace MnistLab.Hosting.Tests;

public sealed class ProcessIdentityTests
{
    [Fact]
    public async Task Identity_OfAProcess_IsThatOfThisStartOnly()
    {
        using var other = StartWaiting();
        var identity = ProcessIdentity.Find(other.Id);

        Assert.NotNull(identity);
        Assert.True(identity.Exists);
        Assert.Equal(identity, ProcessIdentity.Find(other.Id));
        Assert.Equal(identity, ProcessIdentity.Find(other.Id, identity.StartText));
        Assert.NotNull(identity.StartText);
        Assert.NotEqual(identity.StartText, ProcessIdentity.Current.StartText);
        Assert.Null(ProcessIdentity.Find(other.Id, ProcessIdentity.Current.StartText));
        Assert.Null(ProcessIdentity.Find(other.Id, startText: null));

        // The ID belongs to another process than the one that was started then: it must live.
        var former = identity with { Start = identity.Start - 1 };
        Assert.False(former.Exists);
        former.Kill();
        Assert.False(other.HasExited);

        identity.Kill(entireProcessTree: true);
        await other.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.NotEqual(0, other.ExitCode);
        Assert.False(identity.Exists);
        identity.Kill();
    }

    /// <summary>Starts a program that waits for the end of its standard input.</summary>
    private static Process StartWaiting() => Process.Start(
        new ProcessStartInfo(InstalledProgram.Require("cat")) { RedirectStandardInput = true })!;
}
