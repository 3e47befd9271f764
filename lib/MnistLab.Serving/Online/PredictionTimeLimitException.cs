using System.Globalization;

namespace MnistLab.Serving;

/// <summary>A prediction took longer than it may.</summary>
internal sealed class PredictionTimeLimitException(TimeSpan limit)
    : Exception(string.Create(CultureInfo.InvariantCulture, $"The prediction was given up after {limit.TotalSeconds:0.###} s: the model's inference code takes longer than it may."));
