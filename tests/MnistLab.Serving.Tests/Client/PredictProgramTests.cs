using Microsoft.Extensions.DependencyInjection;
using MnistLab.Data.Workspaces;
using MnistLab.Models.UserCode;
using MnistLab.Serving.Metrics;
using MnistLab.Serving.Requests;
using MnistLab.Testing;

namespace MnistLab.Serving.Tests;

/// <summary>
/// Tests the client project of the tutorial, <c>notebooks/codes/predict.cs</c>, compiled unchanged and run against a
/// service that requires a token.
/// </summary>
public sealed class PredictProgramTests(FastModel model) : IDisposable
{
    private const string Token = "token-of-the-test-0123456789";

    private readonly TemporaryFolder _folder = new();
    private readonly UserAssembly _program = UserCodeCompiler.Compile(
        [Path.Combine(Workspace.Find().Root, "notebooks", "codes", "predict.cs")],
        TestContext.Current.CancellationToken);

    public void Dispose()
    {
        _program.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Run_WithPictures_EndsWithZeroOnlyIfEveryOneHasAPrediction()
    {
        await using var service = await RunningApplication.StartAsync(model.Package, new AccessSettings(Token: Token));
        var (first, second, missing) = (Picture(0), Picture(1), _folder["missing.png"]);

        Assert.Equal(0, await RunAsync($"{service.Url}", "--token", Token, first, second));
        Assert.Equal(2, Answered(service));
        // A missing image does not prevent requests for the others.
        Assert.Equal(1, await RunAsync($"{service.Url}", missing, first, "--token", Token));
        Assert.Equal(3, Answered(service));
        // Without the secret, the others would only be rejected as well.
        Assert.Equal(1, await RunAsync($"{service.Url}", first, second));
        Assert.Equal(3, Answered(service));
    }

    [Fact]
    public async Task Run_WithoutAnAddressOrPictures_EndsWithTwo()
    {
        Assert.Equal(2, await RunAsync());
        Assert.Equal(2, await RunAsync("http://127.0.0.1:1/"));
        Assert.Equal(2, await RunAsync("digit.png", "http://127.0.0.1:1/"));
    }

    private static long Answered(RunningApplication service) =>
        service.Services.GetRequiredService<ServiceMetrics>().Calls(CallOutcome.Success);

    private Task<int> RunAsync(params string[] arguments) => _program.RunMainAsync(arguments);

    private string Picture(int index)
    {
        var file = _folder[$"digit-{index}.png"];
        File.WriteAllBytes(file, RunningApplication.Png(index));
        return file;
    }
}
