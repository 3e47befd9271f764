using System.Text.Json.Nodes;
using MnistLab.Training.Results;

namespace MnistLab.Training;

/// <summary>
/// Creates the <c>config.json</c> of a model package, which tells the platform how to serve the model (ModelArts,
/// "Specifications for Compiling the Model Configuration File").
/// </summary>
internal static class ServiceConfiguration
{
    public static JsonObject For(string model, ConfusionMatrix test) => new()
    {
        ["model_algorithm"] = $"{model}_digits",
        ["model_type"] = "ONNX",
        ["runtime"] = "onnxruntime",
        ["metrics"] = new JsonObject
        {
            ["accuracy"] = Math.Round(test.Accuracy, 4),
            ["precision"] = Math.Round(test.Mean(test.Precision), 4),
            ["recall"] = Math.Round(test.Mean(test.Recall), 4),
            ["f1"] = Math.Round(test.Mean(test.F1), 4),
        },
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

    private static JsonObject Schema(string type, params ReadOnlySpan<(string Name, JsonObject Schema)> properties)
    {
        var schema = new JsonObject { ["type"] = type };
        var all = new JsonObject();
        foreach (var (name, property) in properties) all[name] = property;
        schema["properties"] = all;
        return schema;
    }
}
