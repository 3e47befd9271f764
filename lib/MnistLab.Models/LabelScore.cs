namespace MnistLab.Models;

/// <summary>Represents the probability of one label.</summary>
/// <param name="Label">The label: the name of a class, such as a digit, <c>"0"</c> to <c>"9"</c>.</param>
/// <param name="Score">The probability, 0 to 1.</param>
public sealed record LabelScore(string Label, double Score);
