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

    public static IServiceCollection AddAntiforgeryForms(this IServiceCollection services) =>
        services.AddSingleton<FormTokens>();

    /// <summary>The token for the forms of the page in this response.</summary>
    public static string AntiforgeryToken(this HttpContext http) =>
        http.RequestServices.GetRequiredService<FormTokens>().For(http).GetAndStoreTokens(http).RequestToken!;

    public static RouteGroupBuilder RequireAntiforgeryToken(this RouteGroupBuilder routes)
    {
        routes.WithMetadata(new RequestSizeLimitAttribute(LargestForm));
        return routes.AcceptForms(IsOursAsync);
    }

    /// <summary>Refuses a form of another site's page. For forms at secret addresses, which need no token.</summary>
    public static RouteGroupBuilder RequireOwnPage(this RouteGroupBuilder routes) =>
        routes.AcceptForms(static _ => Task.FromResult(true));

    /// <summary>
    /// Tells whether our own page or the visitor made the browser send the request, as far as the browser says
    /// (<c>Sec-Fetch-Site</c>). Old browsers say nothing, nor do browsers over plain HTTP.
    /// </summary>
    public static bool IsFromOwnPage(HttpContext http) =>
        http.Request.Headers["Sec-Fetch-Site"].ToString() is "" or "same-origin" or "none";

    private static RouteGroupBuilder AcceptForms(this RouteGroupBuilder routes, Func<HttpContext, Task<bool>> isOurs)
    {
        routes.AddEndpointFilter(
            async (context, next) =>
            {
                var http = context.HttpContext;
                if (
                    !HttpMethods.IsPost(http.Request.Method)
                    || (IsFromOwnPage(http) && (await isOurs(http) || await IsShownAgainAsync(http)))
                )
                    return await next(context);

                await http.RequestServices.GetRequiredService<VisitorPages>().WriteAsync(http, VisitorPage.StaleForm);
                return Results.Empty;
            }
        );
        return routes;
    }

    private static async Task<bool> IsShownAgainAsync(HttpContext http)
    {
        if (
            http.GetEndpoint()?.Metadata.GetMetadata<ShowsFormAgain>() is not { Field: var field }
            || await PostedForm.ReadAsync(http) is not { } form
            || !form.ContainsKey(field)
        )
            return false;
        http.Features.Set(new StaleToken());
        return true;
    }

    private static async Task<bool> IsOursAsync(HttpContext http)
    {
        try
        {
            if (!http.Request.HasFormContentType)
                return false;
            await http.Request.ReadFormAsync(http.RequestAborted);
            return await http.RequestServices.GetRequiredService<FormTokens>().For(http).IsRequestValidAsync(http);
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
