using System.Globalization;

namespace MnistLab.Models;

/// <summary>The exception that is thrown when a prediction exceeds its time limit.</summary>
/// <param name="limit">The time limit.</param>
public sealed class PredictionTimeLimitException(TimeSpan limit)
    : Exception(string.Create(
        CultureInfo.InvariantCulture,
        $"The prediction timed out after {limit.TotalSeconds:0.###} s: the model's inference code is too slow."));
