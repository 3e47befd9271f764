namespace MnistLab.Course;

/// <summary>A text cell in another language.</summary>
/// <param name="Cell">The id of the cell.</param>
/// <param name="EnglishHash">The hash of the text that was translated: while it is that of the English notebook, the translation is up to date.</param>
/// <param name="Text">The translation.</param>
public sealed record TranslatedText(string Cell, string EnglishHash, string Text);
