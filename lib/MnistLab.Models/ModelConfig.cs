using System.Text.Json;
using System.Text.Json.Serialization;
using MnistLab.Data.Datasets;

namespace MnistLab.Models;

/// <summary>
/// Represents a package's <c>config.json</c>, as specified by ModelArts: the fields that a registry and a service need.
/// </summary>
/// <param name="ModelAlgorithm">The kind of model: begins with a letter, and has at most 36 characters, none of them
/// <c>&amp;!'"&lt;&gt;=</c>.</param>
/// <param name="ModelType">The format of the model: <c>ONNX</c>.</param>
/// <param name="Runtime">The runtime of the model: <c>onnxruntime</c>.</param>
/// <param name="Metrics">The metrics of the model; null if the package has none.</param>
/// <param name="Labels">The names of the classes, one for each output of the model; null for the digits.</param>
/// <param name="Preprocessing">How an image file is converted to the input of the model.</param>
public sealed record ModelConfig(
    [property: JsonRequired] string ModelAlgorithm,
    [property: JsonRequired] string ModelType,
    [property: JsonRequired] string Runtime,
    ModelMetrics? Metrics,
    IReadOnlyList<string>? Labels = null,
    ImagePreprocessing Preprocessing = ImagePreprocessing.Digit)
{
    private const int MaxAlgorithmLength = 36;
    private const string ForbiddenInAlgorithm = "&!'\"<>=";

    /// <summary>Gets the names of the classes: <see cref="Labels"/>, or the digits.</summary>
    [JsonIgnore]
    public IReadOnlyList<string> LabelNames => Labels ?? ImageKind.Digits.ClassNames;

    /// <summary>Reads and validates a <c>config.json</c>.</summary>
    /// <exception cref="ModelImportException">The file is missing or not JSON, or a field is missing or invalid; the
    /// message names the line or the field.</exception>
    public static ModelConfig Read(string file)
    {
        ArgumentException.ThrowIfNullOrEmpty(file);
        if (!File.Exists(file))
            throw new ModelImportException(
                ModelImportError.ConfigMissing,
                $"There is no {Path.GetFileName(file)} in the model package: training writes one beside {PackageFiles.Model}.");

        ModelConfig? config;
        try
        {
            var text = File.ReadAllText(file);
            config = JsonSerializer.Deserialize(text, PackageJson.Instance.ModelConfig);
            using var document = JsonDocument.Parse(text);
            if (ConfigSections.ProblemOf(document.RootElement) is { } problem) throw Malformed(problem);
        }
        catch (JsonException exception)
        {
            var line = exception.LineNumber is { } number ? FormattableString.Invariant($" in line {number + 1}") : "";
            throw Malformed($"cannot be read{line}: {exception.Message}", exception);
        }

        if (config is null) throw Malformed("is null, but must be an object");
        return config.ProblemOfFields() is { } wrong ? throw Malformed(wrong) : config;
    }

    private string? ProblemOfFields()
    {
        if (ModelAlgorithm is null
            || ModelAlgorithm.Length is 0 or > MaxAlgorithmLength
            || !char.IsAsciiLetter(ModelAlgorithm[0])
            || ModelAlgorithm.AsSpan().ContainsAny(ForbiddenInAlgorithm))
            return $"has the model_algorithm '{ModelAlgorithm}', which must begin with a letter, have at most {MaxAlgorithmLength} characters, and contain none of {ForbiddenInAlgorithm}";
        if (!string.Equals(ModelType, "ONNX", StringComparison.OrdinalIgnoreCase))
            return $"has the model_type '{ModelType}', but only 'ONNX' is served";
        if (string.IsNullOrWhiteSpace(Runtime)) return "has no runtime: write \"runtime\": \"onnxruntime\"";
        var isDistinct = LabelNames.Distinct(StringComparer.Ordinal).Count() == LabelNames.Count;
        if (LabelNames.Count == 0 || !isDistinct || LabelNames.Any(string.IsNullOrWhiteSpace))
            return "has labels that are missing, blank, or repeated: list the name of each class once";
        if (!Enum.IsDefined(Preprocessing)) return "has an unknown preprocessing: write \"digit\" or \"plain\"";
        var outside = Metrics?.Named.Where(metric => metric.Value is not (>= 0 and <= 1)).Select(metric => metric.Name).FirstOrDefault();
        return outside is null ? null : $"has a value for metrics.{outside} that is not between 0 and 1";
    }

    private static ModelImportException Malformed(string problem, Exception? cause = null) =>
        new(ModelImportError.ConfigMalformed, $"{PackageFiles.Config} {problem}.", cause);
}
