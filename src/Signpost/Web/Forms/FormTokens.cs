using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.DataProtection;

namespace Signpost.Web.Forms;

/// <summary>
/// The antiforgery tokens of forms. A token is worth nothing without the cookie of the browser that got it. Over HTTPS the name
/// of the cookie begins with <c>__Host-</c>, so that no other host can set it; over plain HTTP, browsers forbid that name.
/// </summary>
internal sealed class FormTokens(IDataProtectionProvider protection, ILoggerFactory loggers) : IDisposable
{
    private const string CookieName = "signpost_form";

    // ASP.NET has one name for the cookie of a service, so each name has its own service.
    private readonly ServiceProvider _secure = Build(protection, loggers, "__Host-" + CookieName, true);
    private readonly ServiceProvider _plain = Build(protection, loggers, CookieName, false);

    /// <summary>The service that fits the scheme of the request.</summary>
    public IAntiforgery For(HttpContext http) =>
        (http.Request.IsHttps ? _secure : _plain).GetRequiredService<IAntiforgery>();

    public void Dispose()
    {
        _secure.Dispose();
        _plain.Dispose();
    }

    private static ServiceProvider Build(
        IDataProtectionProvider protection,
        ILoggerFactory loggers,
        string cookie,
        bool isSecure
    ) =>
        new ServiceCollection()
            .AddSingleton(protection)
            .AddSingleton(loggers)
            .AddSingleton(typeof(ILogger<>), typeof(Logger<>))
            .AddAntiforgery(forms =>
            {
                forms.FormFieldName = AntiforgeryToken.Field;
                forms.HeaderName = null;
                // A policy in each page says who may frame it.
                forms.SuppressXFrameOptionsHeader = true;
                forms.Cookie.Name = cookie;
                forms.Cookie.Path = "/";
                forms.Cookie.HttpOnly = true;
                forms.Cookie.SameSite = SameSiteMode.Strict;
                forms.Cookie.SecurePolicy = isSecure ? CookieSecurePolicy.Always : CookieSecurePolicy.None;
            })
            .BuildServiceProvider();
}
