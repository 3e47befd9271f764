namespace MnistLab.Models;

/// <summary>Names the files of a model package, which training writes and the registry imports.</summary>
public static class PackageFiles
{
    /// <summary>The package's folder below the training output location, as the prefix of a key.</summary>
    public const string Folder = "model/";

    /// <summary>What the platform has to know to serve the model: see <see cref="ModelConfig"/>.</summary>
    public const string Config = "config.json";

    /// <summary>The trained model, for ONNX Runtime.</summary>
    public const string Model = "model.onnx";

    /// <summary>The trained weights, to continue from.</summary>
    public const string Weights = "weights.safetensors";

    /// <summary>The inference code: one file of C#, by convention of this name.</summary>
    public const string InferenceCode = "customize_service.cs";

    /// <summary>The metrics on the test set.</summary>
    public const string Metrics = "metrics.json";

    /// <summary>What the model came from.</summary>
    public const string Manifest = "manifest.json";
}
