using System.Diagnostics;
using System.Runtime.InteropServices;

namespace MnistLab.Hosting.Tests;

public sealed class DotnetHostTests
{
    [Fact]
    public async Task Path_OfThisProcess_IsTheProgramOfItsRuntime()
    {
        Assert.True(Path.IsPathFullyQualified(DotnetHost.Path), DotnetHost.Path);
        using var process = Process.Start(
            new ProcessStartInfo(DotnetHost.Path, ["--list-runtimes"]) { RedirectStandardOutput = true })!;
        var runtimes = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);

        // Microsoft.NETCore.App 10.0.0 [/usr/lib/dotnet/shared/Microsoft.NETCore.App]
        var runtime = Path.TrimEndingDirectorySeparator(RuntimeEnvironment.GetRuntimeDirectory());
        var line = $"{Path.GetFileName(runtime)} [{Path.GetDirectoryName(runtime)}]";
        Assert.Contains(line, runtimes, StringComparison.Ordinal);
    }
}
