using System.Text.Json.Serialization;

namespace MnistLab.Models;

/// <summary>
/// Represents the metrics of a model on the test set, each between 0 and 1. The names are those of ModelArts's
/// <c>config.json</c>.
/// </summary>
/// <param name="Accuracy">The share of images that are classified correctly.</param>
/// <param name="Precision">Macro-averaged precision: for each digit, the share of the images predicted as that digit
/// that actually show it; averaged over the digits.</param>
/// <param name="Recall">Macro-averaged recall: for each digit, the share of its images that are predicted as that
/// digit; averaged over the digits.</param>
/// <param name="F1">The F1 score, the harmonic mean of precision and recall.</param>
public sealed record ModelMetrics(
    [property: JsonRequired] double Accuracy,
    [property: JsonRequired] double Precision,
    [property: JsonRequired] double Recall,
    [property: JsonRequired] double F1)
{
    /// <summary>Gets each metric with its name in <c>config.json</c>.</summary>
    [JsonIgnore]
    public IEnumerable<(string Name, double Value)> Named =>
        [("accuracy", Accuracy), ("precision", Precision), ("recall", Recall), ("f1", F1)];
}
