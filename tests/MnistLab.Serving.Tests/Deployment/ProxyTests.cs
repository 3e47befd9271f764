using System.Diagnostics;
using MnistLab.Testing;

namespace MnistLab.Serving.Tests;

/// <summary>
/// Tests a machine whose environment specifies a proxy: requests to services on the machine itself, which contain
/// secrets, bypass it.
/// </summary>
public sealed class ProxyTests(TrainedModel trained) : IDisposable
{
    private const string Token = "token-of-the-test-0123456789";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(90);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task DeployPredictUpdateStop_WithAProxyInTheEnvironment_NeverUseIt()
    {
        await using var proxy = new ProxyRecorder();
        var image = _folder["digit.png"];
        await File.WriteAllBytesAsync(image, ServiceLab.Png(0));
        var dll = Path.Combine(AppContext.BaseDirectory, "MnistLab.ServingProgram.dll");
        var start = new ProcessStartInfo("dotnet", [dll, trained.StoreFolder, $"{trained.Output}", _folder["services"], Token, image])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        proxy.Use(start);

        using var program = Process.Start(start)!;
        var (output, errors) = (program.StandardOutput.ReadToEndAsync(), program.StandardError.ReadToEndAsync());
        using var limit = new CancellationTokenSource(Limit);
        try
        {
            await program.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            program.Kill();
        }

        Assert.Empty(proxy.Requests);
        Assert.True(program.HasExited, $"Not within {Limit.TotalSeconds} s:\n{await output}\n{await errors}");
        Assert.Equal("", await errors);
        var steps = (await output).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' ')[0].TrimEnd('\r'));
        Assert.Equal(["deployed", "predicted", "predicted", "asked", "updated", "stopped"], steps);
    }
}
