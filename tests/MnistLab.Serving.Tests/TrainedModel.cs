using MnistLab.Data.Datasets;
using MnistLab.Data.Workspaces;
using MnistLab.Storage;
using MnistLab.Storage.Folders;
using MnistLab.Testing;
using MnistLab.Training;
using MnistLab.Training.Networks;
using MnistLab.Training.Results;

namespace MnistLab.Serving.Tests;

/// <summary>
/// Represents the output of a short training, in a separate object store: softmax regression after 300 steps.
/// </summary>
public sealed class TrainedModel : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();

    public static MnistDataset Digits { get; } = MnistDataset.Load(Workspace.Find().SampleFolder);

    public string StoreFolder => _folder["obs"];

    public IObjectStore Store => new FolderObjectStore(StoreFolder);

    public ObjectUrl Output { get; } = ObjectUrl.Parse("s3://bucket/log/V0001/");

    public async ValueTask InitializeAsync()
    {
        await Store.CreateBucketAsync(Output.Bucket);
        var run = Mox.Run(
            _ => Digits.Train,
            _ => ModelSpec.Classifier(DigitModels.SoftmaxRegression()),
            Mox.GetOptimizerFn("sgd", 0.1),
            maxNumberOfSteps: 300,
            log: TextWriter.Null);
        var manifest = new TrainingManifest(
            DigitModels.Softmax,
            0,
            new Dictionary<string, string>(),
            new Dictionary<string, string>(),
            run.Steps,
            1,
            new Dictionary<string, double>());
        await ModelPackage.SaveAsync(
            Store,
            Output,
            run.Network,
            Evaluation.Compute(run.Network, Digits.Test),
            manifest,
            Path.Combine(Workspace.Find().Root, "notebooks", "codes", "customize_service.cs"));
    }

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>Copies the output to another address, so that it can be damaged.</summary>
    public async Task<ObjectUrl> CopyAsync()
    {
        var copy = ObjectUrl.Parse($"s3://bucket/{Guid.NewGuid():N}/");
        await foreach (var item in Store.ListAsync(Output)) await Store.CopyAsync(item.Url, copy / Output.RelativeKeyOf(item.Url));
        return copy;
    }
}
