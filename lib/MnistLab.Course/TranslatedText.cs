namespace MnistLab.Course;

/// <summary>Represents the translation of a text cell.</summary>
/// <param name="Cell">The ID of the cell.</param>
/// <param name="EnglishHash">
/// The hash of the English text that was translated. The translation is up to date if this is the hash of the current
/// English text.
/// </param>
/// <param name="Text">The translated text.</param>
public sealed record TranslatedText(string Cell, string EnglishHash, string Text);
