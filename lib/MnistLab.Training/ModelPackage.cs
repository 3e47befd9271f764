using System.Text.Json;
using System.Text.Json.Nodes;
using MnistLab.Models;
using MnistLab.Storage;
using MnistLab.Training.Checkpoints;
using MnistLab.Training.Onnx;
using MnistLab.Training.Results;
using static TorchSharp.torch;

namespace MnistLab.Training;

/// <summary>
/// The <c>model/</c> folder that training leaves in its output location and that the platform imports:
/// <c>model.onnx</c>, <c>weights.safetensors</c>, <c>config.json</c>, <c>customize_service.cs</c>,
/// <c>metrics.json</c>, <c>manifest.json</c>.
/// </summary>
public static class ModelPackage
{
    private static readonly JsonSerializerOptions Json = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    /// <summary>
    /// Writes a package. <c>config.json</c>, without which nothing is imported, is removed first and written last:
    /// a package is whole or cannot be mistaken for one. Of several workers, which have the same network, only the first
    /// writes.
    /// </summary>
    /// <param name="store">Where to write.</param>
    /// <param name="trainUrl">The training output location; the package goes to its <c>model/</c>.</param>
    /// <param name="network">The trained network.</param>
    /// <param name="test">What it says of the test set.</param>
    /// <param name="manifest">What it came from.</param>
    /// <param name="inferenceCode">The path of the inference code, which travels as
    /// <c>customize_service.cs</c>.</param>
    /// <param name="layers">The kinds of layers that can be written; <see cref="OnnxLayers.Default"/> if null.</param>
    /// <param name="cancellationToken">Ends the upload.</param>
    /// <returns>The address of the <c>model/</c> folder.</returns>
    /// <exception cref="FileNotFoundException">There is no inference code.</exception>
    /// <exception cref="ObjectStoreException">The store refused or failed.</exception>
    public static async Task<ObjectUrl> SaveAsync(
        IObjectStore store,
        ObjectUrl trainUrl,
        nn.Module<Tensor, Tensor> network,
        Evaluation test,
        TrainingManifest manifest,
        string inferenceCode,
        OnnxLayers? layers = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(trainUrl);
        ArgumentNullException.ThrowIfNull(test);
        ArgumentNullException.ThrowIfNull(manifest);
        if (!File.Exists(inferenceCode))
            throw new FileNotFoundException($"There is no inference code at {inferenceCode}. Put customize_service.cs beside the boot file.", inferenceCode);

        var folder = trainUrl.AsPrefix() / PackageFiles.Folder;
        if (!JobEnvironment.IsFirstWorker) return folder;
        var configuration = folder / PackageFiles.Config;
        await store.DeleteAsync(configuration, cancellationToken);

        using var model = new MemoryStream(OnnxExporter.Export(network, manifest.Model, layers));
        await store.PutAsync(folder / PackageFiles.Model, model, cancellationToken: cancellationToken);
        using var weights = new MemoryStream();
        SafetensorsFile.Write(weights, network.state_dict(), new Dictionary<string, string> { ["model"] = manifest.Model });
        weights.Position = 0;
        manifest = manifest with { Weights = TrainingManifest.HashOf(weights.ToArray()) };
        await store.PutAsync(folder / PackageFiles.Weights, weights, cancellationToken: cancellationToken);
        await store.PutFileAsync(folder / PackageFiles.InferenceCode, inferenceCode, cancellationToken: cancellationToken);
        await store.PutTextAsync(folder / PackageFiles.Metrics, Metrics(test).ToJsonString(Json), cancellationToken);
        await store.PutTextAsync(folder / PackageFiles.Manifest, JsonSerializer.Serialize(manifest, Json), cancellationToken);
        await store.PutTextAsync(configuration, ServiceConfiguration.For(manifest.Model, test.Confusion).ToJsonString(Json), cancellationToken);
        return folder;
    }

    /// <summary>Reads what the package of a training output says of its model on the test set.</summary>
    /// <param name="store">Where the package is.</param>
    /// <param name="trainUrl">The prefix that holds <c>model/</c>.</param>
    /// <param name="cancellationToken">Ends the download.</param>
    /// <exception cref="InvalidDataException">Its <c>metrics.json</c> has no confusion matrix.</exception>
    /// <exception cref="ObjectStoreException">There is no <c>metrics.json</c>, or the store failed.</exception>
    public static async Task<ConfusionMatrix> ReadMetricsAsync(IObjectStore store, ObjectUrl trainUrl, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(trainUrl);
        var url = trainUrl.AsPrefix() / PackageFiles.Folder / PackageFiles.Metrics;
        int[][]? rows;
        try
        {
            rows = (JsonNode.Parse(await store.GetTextAsync(url, cancellationToken)) as JsonObject)?["confusion_matrix"]?.Deserialize<int[][]>();
        }
        catch (JsonException error)
        {
            throw new InvalidDataException($"{url} is damaged: {error.Message} Train the model again.", error);
        }

        if (rows is not { Length: > 0 } || rows.Any(row => row?.Length != rows.Length)) throw new InvalidDataException($"{url} has no confusion matrix. Train the model again.");
        var counts = new int[rows.Length, rows.Length];
        for (var label = 0; label < rows.Length; label++)
        {
            for (var prediction = 0; prediction < rows.Length; prediction++) counts[label, prediction] = rows[label][prediction];
        }

        return new ConfusionMatrix(counts);
    }

    /// <summary>Reads what the model of a training output came from.</summary>
    /// <param name="store">Where the package is.</param>
    /// <param name="trainUrl">The prefix that holds <c>model/</c>.</param>
    /// <param name="cancellationToken">Ends the download.</param>
    /// <exception cref="InvalidDataException">Its <c>manifest.json</c> is damaged.</exception>
    /// <exception cref="ObjectStoreException">There is no <c>manifest.json</c>, or the store failed.</exception>
    public static async Task<TrainingManifest> ReadManifestAsync(
        IObjectStore store, ObjectUrl trainUrl, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(trainUrl);
        var url = trainUrl.AsPrefix() / PackageFiles.Folder / PackageFiles.Manifest;
        try
        {
            return JsonSerializer.Deserialize<TrainingManifest>(await store.GetTextAsync(url, cancellationToken), Json)
                ?? throw new InvalidDataException($"{url} is empty. Train the model again.");
        }
        catch (JsonException error)
        {
            throw new InvalidDataException($"{url} is damaged: {error.Message} Train the model again.", error);
        }
    }

    private static JsonObject Metrics(Evaluation evaluation)
    {
        var (test, calibration) = (evaluation.Confusion, Calibration.Of(evaluation));
        var classes = new JsonArray();
        var matrix = new JsonArray();
        for (var c = 0; c < test.Classes; c++)
        {
            classes.Add(new JsonObject { ["label"] = c, ["precision"] = test.Precision(c), ["recall"] = test.Recall(c), ["f1"] = test.F1(c) });
            matrix.Add(new JsonArray([.. Enumerable.Range(0, test.Classes).Select(prediction => JsonValue.Create(test[c, prediction]))]));
        }

        return new JsonObject
        {
            ["samples"] = test.Total,
            ["accuracy"] = test.Accuracy,
            ["per_class"] = classes,
            ["confusion_matrix"] = matrix,
            ["calibration"] = new JsonObject
            {
                ["expected_calibration_error"] = calibration.ExpectedCalibrationError,
                ["bins"] = new JsonArray([.. calibration.Bins.Select(bin => new JsonObject { ["count"] = bin.Count, ["confidence"] = bin.Confidence, ["accuracy"] = bin.Accuracy })]),
            },
        };
    }
}
