using MnistLab.Storage;
using MnistLab.Storage.Folders;
using MnistLab.Testing;
using MnistLab.Training.Checkpoints;
using MnistLab.Training.Networks;
using MnistLab.Training.Results;
using static TorchSharp.torch;

namespace MnistLab.Training.Tests;

public sealed class ModelPackageTests
{
    [Fact]
    public async Task Save_OfANetwork_BringsWeightsThatGiveTheSameLogits()
    {
        using var folder = new TemporaryFolder();
        var store = new FolderObjectStore(folder["store"]);
        await store.CreateBucketAsync("models", TestContext.Current.CancellationToken);
        using var network = DigitModels.Create(DigitModels.Fast);
        network.eval();
        var manifest = new TrainingManifest(
            DigitModels.Fast,
            1,
            new Dictionary<string, string>(),
            new Dictionary<string, string>(),
            0,
            0,
            new Dictionary<string, double>());
        File.WriteAllText(folder["customize_service.cs"], "class Service;");

        var package = await ModelPackage.SaveAsync(
            store,
            ObjectUrl.Parse("s3://models/log/"),
            network,
            Evaluation.Compute(network, Digits.Few),
            manifest,
            folder["customize_service.cs"],
            cancellationToken: TestContext.Current.CancellationToken);

        await store.DownloadFolderAsync(package, folder["package"], cancellationToken: TestContext.Current.CancellationToken);
        var (weights, metadata) = SafetensorsFile.Read(folder["package/weights.safetensors"]);
        Assert.Equal(DigitModels.Fast, metadata["model"]);
        using var other = DigitModels.Create(DigitModels.Fast);
        other.eval();
        using var scope = NewDisposeScope();
        using (no_grad())
        {
            foreach (var (name, weight) in other.state_dict()) weight.copy_(weights[name]);
        }

        var images = rand(5, 1, 28, 28);
        Assert.Equal(network.forward(images).data<float>().ToArray(), other.forward(images).data<float>().ToArray());
        foreach (var weight in weights.Values) weight.Dispose();
    }
}
