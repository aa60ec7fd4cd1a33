namespace Signpost.Accounts.SignIn;

/// <summary>
/// Cookies for this host only. Over HTTPS their name begins with <c>__Host-</c>, so that no other host and no
/// plain connection can set them; over plain HTTP, as on a developer's machine, browsers forbid that name.
/// </summary>
internal static class HostCookies
{
    private const string Prefix = "__Host-";

    public static string? Get(HttpContext http, string name) => http.Request.Cookies[NameOf(http, name)];

    public static void Set(HttpContext http, string name, string value, TimeSpan life) =>
        http.Response.Cookies.Append(NameOf(http, name), value, Options(http, life));

    public static void Delete(HttpContext http, string name) =>
        http.Response.Cookies.Append(NameOf(http, name), "", Options(http, TimeSpan.Zero));

    private static string NameOf(HttpContext http, string name) => http.Request.IsHttps ? Prefix + name : name;

    private static CookieOptions Options(HttpContext http, TimeSpan life) =>
        new()
        {
            Path = "/",
            HttpOnly = true,
            Secure = http.Request.IsHttps,
            SameSite = SameSiteMode.Lax,
            MaxAge = life,
            IsEssential = true,
        };
}
