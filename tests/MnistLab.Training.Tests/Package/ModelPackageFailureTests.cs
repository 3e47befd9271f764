using System.Text.Json.Nodes;
using MnistLab.Storage;
using MnistLab.Storage.Folders;
using MnistLab.Testing;
using MnistLab.Training.Networks;
using MnistLab.Training.Results;

namespace MnistLab.Training.Tests;

/// <summary>Tests the parts of a package that the platform reads, and what remains if writing one fails.</summary>
public sealed class ModelPackageFailureTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ObjectUrl _output = ObjectUrl.Parse("s3://models/log/V0001/");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Configuration_OfAPackage_HasWhatThePlatformAsksFor()
    {
        var store = await StoreAsync();
        await SaveAsync(store);

        var config = JsonNode.Parse(await store.GetTextAsync(_output / "model/config.json"))!;
        Assert.Matches("^[A-Za-z][^&!'\"<>=]{0,35}$", (string)config["model_algorithm"]!);
        Assert.Equal("ONNX", (string)config["model_type"]!);
        Assert.All(new[] { "accuracy", "precision", "recall", "f1" }, name => Assert.InRange((double)config["metrics"]![name]!, 0, 1));
        var api = config["apis"]![0]!;
        Assert.Equal(
            ("/", "post", "multipart/form-data"),
            ((string)api["url"]!, (string)api["method"]!, (string)api["request"]!["Content-type"]!));
        Assert.Equal("file", (string)api["request"]!["data"]!["properties"]!["images"]!["type"]!);
        Assert.Equal("string", (string)api["response"]!["data"]!["properties"]!["predicted_label"]!["type"]!);
        Assert.Equal("/health/ready", (string)config["health"]!["url"]!);
        var metrics = JsonNode.Parse(await store.GetTextAsync(_output / "model/metrics.json"))!;
        Assert.InRange((double)metrics["calibration"]!["expected_calibration_error"]!, 0, 1);
        Assert.Equal(100, metrics["calibration"]!["bins"]!.AsArray().Sum(bin => (int)bin!["count"]!));
    }

    [Fact]
    public async Task Save_ThatFailsAnywhere_LeavesNoConfigurationOfAHalfPackage()
    {
        var store = await StoreAsync();
        await SaveAsync(store);
        var failures = 0;
        // A package without config.json counts as missing: whichever write fails, config.json must be missing, whether
        // the package is new or replaces another.
        for (var allowed = 0; ; allowed++)
        {
            try
            {
                await SaveAsync(new FailingStore(store, allowed));
                break;
            }
            catch (IOException)
            {
                failures++;
                Assert.Null(await store.HeadAsync(_output / "model/config.json"));
            }
        }

        Assert.True(failures >= 5, $"Only {failures} writes were seen to fail.");
        Assert.NotNull(await store.HeadAsync(_output / "model/config.json"));
    }

    private async Task<IObjectStore> StoreAsync()
    {
        var store = new FolderObjectStore(_folder["store"]);
        await store.CreateBucketAsync(_output.Bucket);
        return store;
    }

    private async Task SaveAsync(IObjectStore store)
    {
        using var network = DigitModels.Create(DigitModels.Softmax);
        network.eval();
        var manifest = new TrainingManifest(
            DigitModels.Softmax,
            1,
            new Dictionary<string, string>(),
            new Dictionary<string, string>(),
            0,
            0,
            new Dictionary<string, double>());
        File.WriteAllText(_folder["customize_service.cs"], "class Service;");
        await ModelPackage.SaveAsync(
            store,
            _output,
            network,
            Evaluation.Compute(network, Digits.Few),
            manifest,
            _folder["customize_service.cs"]);
    }
}
