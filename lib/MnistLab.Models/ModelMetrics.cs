using System.Text.Json.Serialization;

namespace MnistLab.Models;

/// <summary>How good a model is, measured on the test set; each number is between 0 and 1. The names are those of ModelArts's <c>config.json</c>.</summary>
/// <param name="Accuracy">The share of pictures whose digit is right.</param>
/// <param name="Precision">Of the pictures called a digit, the share that are it; the mean over the digits.</param>
/// <param name="Recall">Of the pictures of a digit, the share called it; the mean over the digits.</param>
/// <param name="F1">The harmonic mean of precision and recall.</param>
public sealed record ModelMetrics(
    [property: JsonRequired] double Accuracy,
    [property: JsonRequired] double Precision,
    [property: JsonRequired] double Recall,
    [property: JsonRequired] double F1)
{
    /// <summary>Gets each metric with its name in <c>config.json</c>.</summary>
    [JsonIgnore]
    public IEnumerable<(string Name, double Value)> Named => [("accuracy", Accuracy), ("precision", Precision), ("recall", Recall), ("f1", F1)];
}
