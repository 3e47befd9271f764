using System.Globalization;

namespace MnistLab.Notebooks.Texts;

/// <summary>A text that outputs show, in each language of the course.</summary>
/// <param name="English">In English.</param>
/// <param name="Chinese">In Chinese.</param>
internal sealed record DisplayText(string English, string Chinese)
{
    /// <summary>
    /// Gets or sets the language of all texts, <c>en</c> or <c>zh</c>. A kernel runs one notebook, in one language; where .NET runs without
    /// its culture data, as in small containers, there is no Chinese UI culture that could say it instead.
    /// </summary>
    public static string Language { get; set; } = "en";

    public static implicit operator string(DisplayText text) => text.ToString();

    /// <summary>Returns the text with its placeholders, such as <c>{0:N0}</c>, replaced by values.</summary>
    public string With(params ReadOnlySpan<object?> values) => string.Format(CultureInfo.InvariantCulture, ToString(), values);

    /// <summary>Returns the text in the language of the notebook.</summary>
    public override string ToString() => Language == "zh" ? Chinese : English;
}
