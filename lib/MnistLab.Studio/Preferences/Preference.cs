namespace MnistLab.Studio.Preferences;

/// <summary>Represents the preferences of a browser, which are stored in its cookies.</summary>
/// <param name="Language">The language: <c>en</c> or <c>zh</c>.</param>
/// <param name="Theme">The theme: <c>light</c>, <c>dark</c>, or <c>auto</c> for that of the system.</param>
public sealed record Preference(string Language = Preference.English, string Theme = "auto")
{
    /// <summary>English.</summary>
    public const string English = "en";

    /// <summary>Chinese.</summary>
    public const string Chinese = "zh";

    internal const string LanguageCookie = "mnistlab-language";
    internal const string ThemeCookie = "mnistlab-theme";

    internal static Preference From(HttpRequest request)
    {
        var language = request.Cookies[LanguageCookie] is English or Chinese
            ? request.Cookies[LanguageCookie]!
            : request.Headers.AcceptLanguage.ToString().StartsWith(Chinese, StringComparison.OrdinalIgnoreCase) ? Chinese : English;
        var theme = request.Cookies[ThemeCookie] is "light" or "dark" ? request.Cookies[ThemeCookie]! : "auto";
        return new(language, theme);
    }
}
