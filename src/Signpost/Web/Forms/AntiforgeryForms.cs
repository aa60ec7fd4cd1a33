using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Mvc;
using Signpost.Hosting;
using Signpost.Web.Notices;

namespace Signpost.Web.Forms;

/// <summary>
/// Accepts a form only if it came from our own page (antiforgery), so that no other site can use somebody's
/// cookie. Forms are small, and an unreadable one did not come from our page.
/// </summary>
internal static class AntiforgeryForms
{
    private const int LargestForm = 64 << 10;
    private const string CookieName = "signpost_form";

    public static IServiceCollection AddAntiforgeryForms(this IServiceCollection services) =>
        services.AddAntiforgery(forms =>
        {
            forms.FormFieldName = Web.Forms.AntiforgeryToken.Field;
            forms.HeaderName = null;
            // A policy in each page says who may frame it.
            forms.SuppressXFrameOptionsHeader = true;
            forms.Cookie.Name = CookieName;
            forms.Cookie.Path = "/";
            forms.Cookie.HttpOnly = true;
            forms.Cookie.SameSite = SameSiteMode.Strict;
            forms.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        });

    /// <summary>The token for the forms of the page in this response.</summary>
    public static string AntiforgeryToken(this HttpContext http) =>
        http.RequestServices.GetRequiredService<IAntiforgery>().GetAndStoreTokens(http).RequestToken!;

    public static RouteGroupBuilder RequireAntiforgeryToken(this RouteGroupBuilder routes)
    {
        routes.WithMetadata(new RequestSizeLimitAttribute(LargestForm));
        routes.AddEndpointFilter(
            async (context, next) =>
            {
                var http = context.HttpContext;
                if (!HttpMethods.IsPost(http.Request.Method) || await IsOursAsync(http))
                    return await next(context);

                await http.RequestServices.GetRequiredService<VisitorPages>().WriteAsync(http, VisitorPage.StaleForm);
                return Results.Empty;
            }
        );
        return routes;
    }

    private static async Task<bool> IsOursAsync(HttpContext http)
    {
        try
        {
            if (!http.Request.HasFormContentType)
                return false;
            await http.Request.ReadFormAsync(http.RequestAborted);
            return await http.RequestServices.GetRequiredService<IAntiforgery>().IsRequestValidAsync(http);
        }
        catch (Exception error)
            when (error is InvalidDataException or NotSupportedException or IOException
                && error is not BadHttpRequestException
            )
        {
            return false;
        }
        finally
        {
            await SocketThread.Leave();
        }
    }
}
