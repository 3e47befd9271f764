using System.Text.Json.Nodes;

namespace MnistLab.Models;

/// <summary>
/// Creates the <c>config.json</c> of a model package, which tells the platform how to serve the model (ModelArts,
/// "Specifications for Compiling the Model Configuration File") and which <see cref="ModelConfig"/> reads.
/// </summary>
public static class ModelConfigWriter
{
    /// <summary>Returns the configuration of a digit model for ONNX Runtime.</summary>
    /// <param name="algorithm">The kind of model, such as <c>cnn_digits</c>.</param>
    /// <param name="metrics">The metrics on the test set, which are rounded to four decimal places.</param>
    public static JsonObject Write(string algorithm, ModelMetrics metrics) => new()
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
