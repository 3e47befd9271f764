using System.Globalization;

namespace MnistLab.Notebooks.Texts;

/// <summary>Represents a text that outputs show, in each language of the course.</summary>
/// <param name="English">The English text.</param>
/// <param name="Chinese">The Chinese text.</param>
internal sealed record DisplayText(string English, string Chinese)
{
    /// <summary>
    /// Gets or sets the language of all texts, <c>en</c> or <c>zh</c>. A static property is sufficient, because a
    /// kernel runs one notebook in one language. The current UI culture cannot be used: without its culture data, as in
    /// small containers, .NET has no Chinese culture.
    /// </summary>
    public static string Language { get; set; } = "en";

    public static implicit operator string(DisplayText text) => text.ToString();

    /// <summary>Returns the text with its placeholders, such as <c>{0:N0}</c>, replaced by values.</summary>
    public string With(params ReadOnlySpan<object?> values) => string.Format(CultureInfo.InvariantCulture, ToString(), values);

    /// <summary>Returns the text in the language of the notebook.</summary>
    public override string ToString() => Language == "zh" ? Chinese : English;
}
