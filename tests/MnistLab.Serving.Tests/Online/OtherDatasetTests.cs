using System.Net.Http.Json;
using System.Text.Json.Nodes;
using MnistLab.Client;
using MnistLab.Data.Datasets;
using MnistLab.Data.Images;
using MnistLab.Serving.Protocols.OpenInferenceGrpc;
using MnistLab.Storage.Folders;
using MnistLab.Testing;
using MnistLab.Training;

namespace MnistLab.Serving.Tests;

/// <summary>Tests datasets other than MNIST, from their files to the predictions of a service.</summary>
public sealed class OtherDatasetTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task FashionMnist_FromItsFilesToAPrediction_NamesTheClothes()
    {
        var files = DatasetDescription.FashionMnist.Mirrors[0].LocalPath;
        InstalledProgram.RequireFolder(files, "dataset-fashion-mnist");
        // Recognized by its labels, so its boot file is that of MNIST.
        var fashion = MnistDataset.Load(files);
        var train = fashion.Train.Subset([.. Enumerable.Range(0, 4_000)]);
        var test = fashion.Test.Subset([.. Enumerable.Range(0, 500)]);

        var package = await TrainAsync(train, test, steps: 120);
        await using var service = await RunningApplication.StartAsync(package);
        using var client = new PredictionClient(service.Url);

        var right = 0;
        for (var i = 0; i < 40; i++)
        {
            var prediction = await client.PredictAsync(DigitImage.FromPixels(test.Image(i)).ToPng());
            Assert.All(prediction.Scores, score => Assert.Contains(score.Label, fashion.ClassNames));
            if (prediction.PredictedLabel == test.LabelName(i)) right++;
        }

        Assert.InRange(right, 26, 40);
    }

    [Fact]
    public async Task SetOf26Classes_FromItsImagesToAPrediction_KeepsAllClasses()
    {
        var letters = new ImageKind([.. Enumerable.Range('A', 26).Select(letter => $"{(char)letter}")], 0.5, 0.4);
        var (train, test) = (Blocks(letters, 1_040, seed: 1), Blocks(letters, 52, seed: 2));

        var package = await TrainAsync(train, test, steps: 60);
        await using var service = await RunningApplication.StartAsync(package, grpcPort: 0);
        using var client = new PredictionClient(service.Url);
        using var grpc = new InferenceClient(service.GrpcUrl!);

        var pictures = Enumerable.Range(0, 26).Select(i => DigitImage.FromPixels(test.Image(i)).ToPng());
        var predictions = await client.PredictBatchAsync(pictures);
        Assert.Equal(letters.ClassNames, predictions.Select(prediction => prediction.PredictedLabel));
        var metadata = await service.Http.GetFromJsonAsync<JsonObject>("/v2/models/digits");
        Assert.Equal("[-1,26]", metadata!["outputs"]![1]!["shape"]!.ToJsonString());
        Assert.Equal("Z", (string?)metadata["properties"]!["labels"]![25]);
        var ofTensorFlow = await service.Http.GetFromJsonAsync<JsonObject>("/v1/models/digits/metadata");
        Assert.Equal("Z", (string?)ofTensorFlow!["metadata"]!["labels"]![25]);
        var ofGrpc = await grpc.Service.ModelMetadataAsync(new ModelMetadataRequest { Name = "digits" });
        Assert.Equal("Z", (string?)JsonNode.Parse(ofGrpc.Properties["labels"])![25]);
        var inferred = await grpc.Service.ModelInferAsync(InferenceClient.Typed(
            DigitImage.FromPixels(test.Image(25)).ToUnitInterval(), 1, 1, 28, 28));
        Assert.Equal([25], inferred.Outputs[0].Contents.Int64Contents);
        var manifest = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(package, "manifest.json")))!;
        Assert.Equal("Z", (string?)manifest["images"]!["class_names"]![25]);
    }

    // Each class is a pattern of 7 × 7 squares, and each image adds noise to it.
    private static ImageDataset Blocks(ImageKind kind, int count, int seed)
    {
        var (patterns, noise) = (new Random(26), new Random(seed));
        var squares = Enumerable.Range(0, kind.Classes)
            .Select(_ => Enumerable.Range(0, 49).Select(_ => patterns.Next(2) * 200).ToArray()).ToArray();
        var pixels = new byte[count * 784];
        for (var i = 0; i < pixels.Length; i++)
        {
            var (image, row, column) = (i / 784, i % 784 / 28, i % 28);
            pixels[i] = (byte)(squares[image % kind.Classes][(row / 4 * 7) + (column / 4)] + noise.Next(56));
        }

        byte[] labels = [.. Enumerable.Range(0, count).Select(i => (byte)(i % kind.Classes))];
        return new ImageDataset(pixels, labels, 28, 28, kind);
    }

    private async Task<string> TrainAsync(ImageDataset train, ImageDataset test, long steps)
    {
        await SmallTraining.SaveAsync(
            new FolderObjectStore(_folder["obs"]), new MnistDataset(train, test), ModelPreset.Fast, steps);
        return _folder["obs/bucket/log/V0001/model"];
    }
}
