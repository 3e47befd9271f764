namespace MnistLab.Studio.Preferences;

/// <summary>Maps the endpoints that change the preferences of a browser and redirect to the previous page.</summary>
internal static class PreferenceEndpoints
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(400);

    public static void MapPreferences(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/language/{language}", (string language, string? page, HttpContext context) =>
            language is Preference.English or Preference.Chinese
                ? Keep(context, Preference.LanguageCookie, language, page)
                : Results.NotFound());
        routes.MapGet("/theme/{theme}", (string theme, string? page, HttpContext context) =>
            theme is "light" or "dark" or "auto" ? Keep(context, Preference.ThemeCookie, theme, page) : Results.NotFound());
    }

    private static IResult Keep(HttpContext context, string cookie, string value, string? page)
    {
        context.Response.Cookies.Append(cookie, value, new CookieOptions { MaxAge = Lifetime, SameSite = SameSiteMode.Strict, Path = "/" });
        // Redirects only within this site: "//host" would lead to another one.
        return Results.LocalRedirect(page is ['/', not ('/' or '\\'), ..] ? page : "/");
    }
}
