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
/// Reads and writes the model package: the <c>model/</c> folder that training writes to its output location and that
/// the platform imports. It holds <c>model.onnx</c>, <c>weights.safetensors</c>, <c>config.json</c>,
/// <c>customize_service.cs</c>, <c>metrics.json</c>, and <c>manifest.json</c>.
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
    /// Writes a package. <c>config.json</c>, without which a package cannot be imported, is deleted first and written
    /// last, so an incomplete package is never mistaken for a complete one. If there are several workers, all of which
    /// have the same network, only the first writes.
    /// </summary>
    /// <param name="store">The store to write to.</param>
    /// <param name="trainUrl">The training output location; the package goes to its <c>model/</c>.</param>
    /// <param name="network">The trained network.</param>
    /// <param name="test">The evaluation of the network on the test set.</param>
    /// <param name="manifest">The manifest of the training.</param>
    /// <param name="inferenceCode">
    /// The path of the inference code, which is stored as <c>customize_service.cs</c>.
    /// </param>
    /// <param name="layers">The layer types that can be exported; <see cref="OnnxLayers.Default"/> if null.</param>
    /// <param name="cancellationToken">A token to cancel the upload.</param>
    /// <returns>The address of the <c>model/</c> folder.</returns>
    /// <exception cref="FileNotFoundException">The inference code does not exist.</exception>
    /// <exception cref="ObjectStoreException">The store rejected a request or failed.</exception>
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
            throw new FileNotFoundException(
                $"There is no inference code at {inferenceCode}. Put customize_service.cs beside the boot file.",
                inferenceCode);

        var folder = trainUrl.AsPrefix() / PackageFiles.Folder;
        if (!JobEnvironment.IsFirstWorker) return folder;
        var configuration = folder / PackageFiles.Config;
        await store.DeleteAsync(configuration, cancellationToken);

        using var model = new MemoryStream(OnnxExporter.Export(network, manifest.Model, layers));
        await store.PutAsync(folder / PackageFiles.Model, model, cancellationToken: cancellationToken);
        using var weights = new MemoryStream();
        SafetensorsFile.Write(weights, network.state_dict(), new Dictionary<string, string> { ["model"] = manifest.Model });
        weights.Position = 0;
        manifest = manifest with { Weights = TrainingManifest.HashOf(weights.ToArray()), Images = test.Set.Kind };
        await store.PutAsync(folder / PackageFiles.Weights, weights, cancellationToken: cancellationToken);
        await store.PutFileAsync(folder / PackageFiles.InferenceCode, inferenceCode, cancellationToken: cancellationToken);
        await store.PutTextAsync(folder / PackageFiles.Metrics, Metrics(test).ToJsonString(Json), cancellationToken);
        await store.PutTextAsync(folder / PackageFiles.Manifest, JsonSerializer.Serialize(manifest, Json), cancellationToken);
        await store.PutTextAsync(
            configuration,
            ModelConfigWriter.Write(manifest.Model, MetricsOf(test.Confusion), test.Set.Kind).ToJsonString(Json),
            cancellationToken);
        return folder;
    }

    /// <summary>Reads the manifest of the model package in a training output location.</summary>
    /// <param name="store">The store that holds the package.</param>
    /// <param name="trainUrl">The prefix that holds <c>model/</c>.</param>
    /// <param name="cancellationToken">A token to cancel the download.</param>
    /// <exception cref="InvalidDataException">The package's <c>manifest.json</c> is damaged or empty.</exception>
    /// <exception cref="ObjectStoreException">The package has no <c>manifest.json</c>, or the store failed.</exception>
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
        catch (Exception error) when (error is JsonException or ArgumentException)
        {
            throw new InvalidDataException($"{url} is damaged: {error.Message} Train the model again.", error);
        }
    }

    private static ModelMetrics MetricsOf(ConfusionMatrix test) =>
        new(test.Accuracy, test.Mean(test.Precision), test.Mean(test.Recall), test.Mean(test.F1));

    private static JsonObject Metrics(Evaluation evaluation)
    {
        var (test, calibration) = (evaluation.Confusion, Calibration.Compute(evaluation));
        var classes = new JsonArray();
        var matrix = new JsonArray();
        for (var c = 0; c < test.Classes; c++)
        {
            classes.Add(new JsonObject
            {
                ["label"] = c,
                ["name"] = evaluation.Set.Kind.ClassNames[c],
                ["precision"] = test.Precision(c),
                ["recall"] = test.Recall(c),
                ["f1"] = test.F1(c)
            });
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
                ["bins"] = new JsonArray([.. calibration.Bins.Select(bin => new JsonObject
                {
                    ["count"] = bin.Count,
                    ["confidence"] = bin.Confidence,
                    ["accuracy"] = bin.Accuracy
                })]),
            },
        };
    }
}
