using System.Text.Json;
using System.Text.Json.Nodes;
using MnistLab.Data.Datasets;

namespace MnistLab.Models;

/// <summary>
/// Creates the <c>config.json</c> of a model package, which tells the platform how to serve the model (ModelArts,
/// "Specifications for Compiling the Model Configuration File") and which <see cref="ModelConfig"/> reads.
/// </summary>
public static class ModelConfigWriter
{
    /// <summary>Returns the configuration of a model for ONNX Runtime.</summary>
    /// <param name="network">The name of the network, such as <c>cnn</c>.</param>
    /// <param name="metrics">The metrics on the test set, which are rounded to four decimal places.</param>
    /// <param name="kind">What the images show; digits if null.</param>
    public static JsonObject Write(string network, ModelMetrics metrics, ImageKind? kind = null)
    {
        if (kind is null or { IsDigits: true }) return Create($"{network}_digits", metrics);
        var config = Create($"{network}_images", metrics);
        // ModelArts does not define these two fields. Without them, this platform's service assumes digits.
        config["labels"] = new JsonArray([.. kind.ClassNames.Select(name => JsonValue.Create(name))]);
        config["preprocessing"] = JsonSerializer.SerializeToNode(kind.Preprocessing);
        return config;
    }

    private static JsonObject Create(string algorithm, ModelMetrics metrics) => new()
    {
        ["model_algorithm"] = algorithm,
        ["model_type"] = "ONNX",
        ["runtime"] = "onnxruntime",
        ["metrics"] = MetricsOf(metrics),
        ["apis"] = new JsonArray(new JsonObject
        {
            ["protocol"] = "http",
            ["url"] = "/",
            ["method"] = "post",
            ["request"] = new JsonObject
            {
                ["Content-type"] = "multipart/form-data",
                ["data"] = Schema("object", ("images", new JsonObject { ["type"] = "file" })),
            },
            ["response"] = new JsonObject
            {
                ["Content-type"] = "application/json",
                ["data"] = Schema("object",
                    ("predicted_label", new JsonObject { ["type"] = "string" }),
                    ("scores", new JsonObject
                    {
                        ["type"] = "array",
                        ["items"] = new JsonObject
                        {
                            ["type"] = "array",
                            ["minItems"] = 2,
                            ["maxItems"] = 2,
                            ["items"] = new JsonObject { ["type"] = "string" },
                        },
                    })),
            },
        }),
        ["dependencies"] = new JsonArray(),
        ["health"] = new JsonObject
        {
            ["url"] = "/health/ready",
            ["protocol"] = "http",
            ["initial_delay_seconds"] = 0,
            ["timeout_seconds"] = 5,
        },
    };

    private static JsonObject MetricsOf(ModelMetrics metrics)
    {
        ArgumentNullException.ThrowIfNull(metrics);
        var named = new JsonObject();
        foreach (var (name, value) in metrics.Named) named[name] = Math.Round(value, 4);
        return named;
    }

    private static JsonObject Schema(string type, params ReadOnlySpan<(string Name, JsonObject Schema)> properties)
    {
        var schema = new JsonObject { ["type"] = type };
        var all = new JsonObject();
        foreach (var (name, property) in properties) all[name] = property;
        schema["properties"] = all;
        return schema;
    }
}
