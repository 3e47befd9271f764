using System.ComponentModel;
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

        // The ID now belongs to a different process than the one that was started then; it must survive.
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

    [Fact]
    public async Task Kill_OfAProcessThatMayNotBeKilled_SaysWhichAndWhy()
    {
        using var other = StartWaiting();
        var identity = ProcessIdentity.Find(other.Id)!;
        Exception[] denials =
        [
            new Win32Exception(NotPermitted),
            new AggregateException(new Win32Exception(NotPermitted)),
        ];

        Assert.All(denials, denial =>
        {
            var error = Assert.Throws<IOException>(() => identity.KillBy(_ => throw denial));
            Assert.Contains(
                $"The process {identity.Id} cannot be killed: {new Win32Exception(NotPermitted).Message}",
                error.Message,
                StringComparison.Ordinal);
        });

        // Access that is denied because the process is ending is not a failure.
        identity.KillBy(process =>
        {
            process.Kill();
            other.WaitForExit();
            throw denials[0];
        });
        await other.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    private const int NotPermitted = 1;

    /// <summary>Starts a program that waits for the end of its standard input.</summary>
    private static Process StartWaiting() => Process.Start(
        new ProcessStartInfo(InstalledProgram.Require("cat")) { RedirectStandardInput = true })!;
}
