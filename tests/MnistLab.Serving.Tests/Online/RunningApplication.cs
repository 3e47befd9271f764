using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using MnistLab.Data.Images;
using MnistLab.Hosting;
using MnistLab.Models.Registry;
using MnistLab.Serving.Instances;
using MnistLab.Serving.Online;
using MnistLab.Serving.Pipeline;
using MnistLab.Serving.Requests;
using MnistLab.Testing;

namespace MnistLab.Serving.Tests;

/// <summary>Represents the online service in this process, with a real web server on the loopback interface.</summary>
internal sealed class RunningApplication : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly TemporaryFolder _folder;
    private readonly FileLock _supervisor;

    private RunningApplication(WebApplication app, TemporaryFolder folder, FileLock supervisor)
    {
        (_app, _folder, _supervisor) = (app, folder, supervisor);
        Url = new UriBuilder(OnlineServiceApplication.Address(app)) { Host = "127.0.0.1" }.Uri;
        GrpcUrl = OnlineServiceApplication.GrpcAddress(app);
        Http = LoopbackHttp.CreateClient(Url);
    }

    public Uri Url { get; }

    public HttpClient Http { get; }

    /// <summary>Gets the gRPC address; null unless gRPC was enabled.</summary>
    public Uri? GrpcUrl { get; }

    public IServiceProvider Services => _app.Services;

    /// <summary>Starts the service and waits until its model is loaded.</summary>
    public static async Task<RunningApplication> StartAsync(
        string package,
        AccessSettings? access = null,
        TimeSpan? predictionLimit = null,
        Action<WebApplication>? configure = null,
        int? grpcPort = null)
    {
        var version = new ServedVersion(FastModel.Name, ModelVersion.First, 100, package, "s3://bucket/models/digits/0.0.1/");
        var folder = new TemporaryFolder();
        var run = new InstanceFolder(folder["digits/runs/first"]);
        Directory.CreateDirectory(run.Path);
        // The holder of this lock is the supervisor: here it is the test, so that none is started.
        var supervisor = FileLock.TryAcquire(run.SupervisorLock)!;
        var settings = new RunSettings(
            "digits",
            [version],
            0,
            "control-key-of-the-test",
            predictionLimit ?? TimeSpan.FromSeconds(40),
            null,
            access,
            GrpcPort: grpcPort);
        run.WriteSettings(settings);
        var app = OnlineServiceApplication.Create(settings, run);
        configure?.Invoke(app);
        await app.StartAsync();
        var loader = app.Services.GetRequiredService<ModelLoader>();
        await loader.ExecuteTask!;
        if (loader.Failure is { } failure) throw new InvalidOperationException("The model cannot be loaded.", failure);
        return new RunningApplication(app, folder, supervisor);
    }

    /// <summary>Returns a test digit of the sample as a PNG file.</summary>
    public static byte[] Png(int index) => DigitImage.FromPixels(TrainedModel.Digits.Test.Image(index)).ToPng();

    /// <summary>Returns the pixels of a test digit.</summary>
    public static float[] Pixels(int index) => DigitImage.FromPixels(TrainedModel.Digits.Test.Image(index)).ToUnitInterval();

    public static int Label(int index) => TrainedModel.Digits.Test.Label(index);

    public Task StopAsync() => _app.StopAsync();

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
        _supervisor.Dispose();
        _folder.Dispose();
    }
}
