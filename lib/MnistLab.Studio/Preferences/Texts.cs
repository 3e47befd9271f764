using System.Globalization;

namespace MnistLab.Studio.Preferences;

/// <summary>Gives texts in the language of the page: <c>@T[CourseTexts.Title]</c>.</summary>
internal sealed class Texts
{
    /// <summary>Gets or sets what the browser has chosen.</summary>
    public Preference Preference { get; set; } = new();

    /// <summary>Gets whether the page is in Chinese.</summary>
    public bool IsChinese => Preference.Language == Preference.Chinese;

    /// <summary>Gets a text.</summary>
    public string this[Text text] => IsChinese ? text.Chinese : text.English;

    /// <summary>Gets a text with values at its places, as <see cref="string.Format(string, object[])"/> writes them.</summary>
    public string Format(Text text, params object?[] values) =>
        string.Format(CultureInfo.InvariantCulture, this[text], values);
}
