namespace MnistLab.Models;

/// <summary>
/// Defines the names of the files of a model package, which training writes and the registry imports.
/// </summary>
public static class PackageFiles
{
    /// <summary>The package's folder below the training output location, as the prefix of a key.</summary>
    public const string Folder = "model/";

    /// <summary>The configuration that the platform needs to serve the model; see <see cref="ModelConfig"/>.</summary>
    public const string Config = "config.json";

    /// <summary>The trained model, for ONNX Runtime.</summary>
    public const string Model = "model.onnx";

    /// <summary>The trained weights, from which training can continue.</summary>
    public const string Weights = "weights.safetensors";

    /// <summary>The inference code: one C# file, by convention with this name.</summary>
    public const string InferenceCode = "customize_service.cs";

    /// <summary>The metrics on the test set.</summary>
    public const string Metrics = "metrics.json";

    /// <summary>
    /// The provenance of the model: its settings, the hashes of code and data, and the versions of the software.
    /// </summary>
    public const string Manifest = "manifest.json";
}
