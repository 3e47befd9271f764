using MnistLab.Training.Inputs;
using MnistLab.Data.Workspaces;
using MnistLab.Storage;
using MnistLab.Storage.Folders;
using MnistLab.Testing;
using MnistLab.Training;
using MnistLab.Training.Networks;
using MnistLab.Training.Results;

[assembly: AssemblyFixture(typeof(MnistLab.Serving.Tests.FastModel))]

namespace MnistLab.Serving.Tests;

/// <summary>
/// Represents the package of a model that was trained briefly but recognizes digits: preset fast, 400 steps on the
/// sample.
/// </summary>
public sealed class FastModel : IAsyncLifetime
{
    public const string Name = "digits";

    private readonly TemporaryFolder _folder = new();

    public string Package => _folder["obs/bucket/log/V0001/model"];

    public async ValueTask InitializeAsync()
    {
        var store = new FolderObjectStore(_folder["obs"]);
        var output = ObjectUrl.Parse("s3://bucket/log/V0001/");
        await store.CreateBucketAsync(output.Bucket);
        const long Steps = 400;
        var preset = ModelPreset.Fast;
        var run = Mox.Run(
            _ => TrainedModel.Digits.Train, _ => ModelSpec.Classifier(DigitModels.Create(preset.Model)), preset.OptimizerFor(Steps),
            batchSize: preset.BatchSize, maxNumberOfSteps: Steps, augmentation: new AffineAugmentation(0.5), log: TextWriter.Null);
        var manifest = new TrainingManifest(
            preset.Model,
            0,
            new Dictionary<string, string>(),
            new Dictionary<string, string>(),
            run.Steps,
            1,
            new Dictionary<string, double>());
        await ModelPackage.SaveAsync(
            store,
            output,
            run.Network,
            Evaluation.Compute(run.Network, TrainedModel.Digits.Test),
            manifest,
            Path.Combine(Workspace.Find().Root, "notebooks", "codes", "customize_service.cs"));
        run.Network.Dispose();
    }

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }
}
