using System.Globalization;

namespace MnistLab.Studio.Preferences;

/// <summary>Provides texts in the language of the page: <c>@T[CourseTexts.Title]</c>.</summary>
internal sealed class Texts
{
    /// <summary>Gets or sets the preferences of the browser.</summary>
    public Preference Preference { get; set; } = new();

    /// <summary>Gets whether the page is in Chinese.</summary>
    public bool IsChinese => Preference.Language == Preference.Chinese;

    /// <summary>Gets a text.</summary>
    public string this[Text text] => IsChinese ? text.Chinese : text.English;

    /// <summary>
    /// Returns a text with values in place of its format items, as <see cref="string.Format(string, object[])"/> does.
    /// </summary>
    public string Format(Text text, params object?[] values) =>
        string.Format(CultureInfo.InvariantCulture, this[text], values);
}
