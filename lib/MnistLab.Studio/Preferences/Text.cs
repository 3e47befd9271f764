namespace MnistLab.Studio.Preferences;

/// <summary>A text of Studio's own, in each of its languages.</summary>
/// <param name="English">In English.</param>
/// <param name="Chinese">In Chinese.</param>
internal sealed record Text(string English, string Chinese);
