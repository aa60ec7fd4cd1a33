using Signpost.Accounts;
using Signpost.Accounts.SignIn;
using Signpost.Dashboard.SignIn;

namespace Signpost.Dashboard.Shell;

/// <summary>The theme, which a cookie of the browser keeps, and the language, which the account keeps.</summary>
internal static class Appearance
{
    private const string CookieName = "signpost_theme";
    private static readonly TimeSpan Life = TimeSpan.FromDays(365);

    /// <summary>The themes that somebody can choose; without a choice the system decides.</summary>
    public static readonly string[] Themes = ["light", "dark"];

    public static void MapAppearance(this IEndpointRouteBuilder dashboard)
    {
        dashboard.MapPost("/theme", SaveTheme);
        dashboard.MapPost("/language", SaveLanguage);
        dashboard.LeadBack(Navigation.Home, "/theme", "/language");
    }

    /// <summary>The theme that was chosen; null: as the system.</summary>
    public static string? ThemeOf(HttpContext http) =>
        HostCookies.Get(http, CookieName) is { } theme && Themes.Contains(theme) ? theme : null;

    private static void SaveTheme(HttpContext http)
    {
        var theme = $"{http.Request.Form["theme"]}";
        if (Themes.Contains(theme))
            HostCookies.Set(http, CookieName, theme, Life);
        else
            HostCookies.Delete(http, CookieName);
        http.SeeOther(LocalPath.Of(http, http.Request.Form["back"]));
    }

    private static async Task SaveLanguage(HttpContext http, AccountEditor editor)
    {
        var (form, person) = (http.Request.Form, http.Person());
        // A language that is not in the list changes nothing.
        await editor.UpdateAsync(
            person,
            person.PersonId,
            new() { Language = $"{form["language"]}" },
            null,
            http.RequestAborted
        );
        http.SeeOther(LocalPath.Of(http, form["back"]));
    }
}
