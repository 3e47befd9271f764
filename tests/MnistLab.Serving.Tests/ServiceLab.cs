using System.Diagnostics;
using MnistLab.Data.Images;
using MnistLab.Models.Registry;
using MnistLab.Serving.Deployment;
using MnistLab.Serving.Instances;
using MnistLab.Storage;
using MnistLab.Testing;

namespace MnistLab.Serving.Tests;

/// <summary>
/// Represents the separate registry and services of one test. Services that are still running at its end are stopped.
/// </summary>
internal sealed class ServiceLab : IAsyncDisposable
{
    public const string Name = "digits";

    private readonly TrainedModel _trained;
    private readonly TemporaryFolder _folder = new();

    public ServiceLab(TrainedModel trained)
    {
        _trained = trained;
        Models = new ModelRegistry(trained.Store, ObjectUrl.Parse($"s3://bucket/models-{Guid.NewGuid():N}/"), users: Services);
    }

    public ModelRegistry Models { get; }

    public string ServicesFolder => _folder["services"];

    public OnlineServices Services => new(ServicesFolder);

    /// <summary>Gets the model that was imported last.</summary>
    public RegisteredModel? Imported { get; private set; }

    public IObjectStore Store => _trained.Store;

    /// <summary>Gets the current instance of the service.</summary>
    public InstanceFolder Run
    {
        get
        {
            var folder = new ServiceFolder(_folder[Path.Combine("services", Name)]);
            return folder.Instance(folder.ReadRecord()!.Instance);
        }
    }

    public static byte[] Png(int index) => DigitImage.FromPixels(TrainedModel.Digits.Test.Image(index)).ToPng();

    /// <summary>Returns inference code that always predicts one label.</summary>
    public static string Answers(string label) => $$"""
        using MnistLab.Models;

        public sealed class Service : CustomService
        {
            public override Prediction Postprocess(float[] logits) => new("{{label}}", [new LabelScore("{{label}}", 1)]);
        }
        """;

    /// <summary>Returns inference code whose inference runs the given statements first.</summary>
    public static string Infers(string body) => $$"""
        using MnistLab.Models;

        public sealed class Service : CustomService
        {
            public override float[] Inference(float[] pixels)
            {
                {{body}}
                return base.Inference(pixels);
            }
        }
        """;

    /// <summary>Imports the trained model, with custom inference code if given.</summary>
    public async Task<RegisteredModel> ImportAsync(string? code = null)
    {
        var output = await _trained.CopyAsync();
        if (code is not null) await Store.PutTextAsync(output / "model/customize_service.cs", code);
        return Imported = await Models.ImportAsync(Name, output);
    }

    public Task<OnlineService> DeployAsync(params (RegisteredModel Model, int Weight)[] models) =>
        DeployAsync(configuration => configuration, models);

    public Task<OnlineService> DeployAsync(
        Func<ServiceConfiguration, ServiceConfiguration> change, params (RegisteredModel Model, int Weight)[] models) =>
        Services.DeployAsync(Name, change(new ServiceConfiguration
        {
            Models = [.. models.Select(item => new WeightedModel(item.Model, item.Weight))]
        }), Store);

    public async Task<OnlineService> FindAsync() => (await Services.FindAsync(Name))!;

    /// <summary>Kills a process as `kill -9` does, and waits until it is gone.</summary>
    public static async Task KillAsync(int processId)
    {
        using var process = Process.GetProcessById(processId);
        process.Kill();
        await process.WaitForExitAsync();
    }

    /// <summary>
    /// Returns whether any process of this test's services exists: each has the folder of its instance as an argument.
    /// </summary>
    public bool HasProcesses => new ServiceFolder(_folder[Path.Combine("services", Name)]) is var folder
        && folder.Instances().Any(run => folder.Instance(run).IsAlive || folder.Instance(run).IsSupervised);

    /// <summary>Waits until a condition is met; fails if it is not met in time.</summary>
    public static async Task UntilAsync(Func<Task<bool>> happened, string what)
    {
        var watch = Stopwatch.StartNew();
        while (!await happened())
        {
            Assert.True(watch.Elapsed < Patience.Limit, $"Not within {Patience.Limit}: {what}");
            await Task.Delay(20);
        }
    }

    public async ValueTask DisposeAsync()
    {
        var folder = new ServiceFolder(_folder[Path.Combine("services", Name)]);
        foreach (var run in folder.Instances()) await new RunningService(folder.Instance(run), TimeProvider.System).KillAsync(default);
        _folder.Dispose();
    }
}
