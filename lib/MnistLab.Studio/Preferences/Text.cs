namespace MnistLab.Studio.Preferences;

/// <summary>Represents a text of Studio, in each of its languages.</summary>
/// <param name="English">The English text.</param>
/// <param name="Chinese">The Chinese text.</param>
internal sealed record Text(string English, string Chinese);
