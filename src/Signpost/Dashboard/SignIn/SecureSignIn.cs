using Signpost.Hosting;
using Signpost.Outbound;

namespace Signpost.Dashboard.SignIn;

/// <summary>If the public address is https, nobody sends a password over plain HTTP: others could read it.</summary>
internal static class SecureSignIn
{
    // The middleware for trusted proxies sets it to the address of the proxy, after it has accepted the headers of the proxy.
    private const string Believed = "X-Original-For";

    public static RouteGroupBuilder RequireHttps(this RouteGroupBuilder routes)
    {
        routes.AddEndpointFilter(
            async (context, next) =>
            {
                var http = context.HttpContext;
                var settings = http.RequestServices.GetRequiredService<SignpostSettings>();
                if (http.Request.IsHttps || settings.PublicUrl is not { Scheme: "https" } address)
                    return await next(context);

                var secure = PublicUrl.TextOf(address) + http.Request.Path.ToUriComponent() + http.Request.QueryString;
                // If the proxy speaks https and the server does not trust it, the redirect would come again and again.
                if (MayBeProxy(http))
                    await http
                        .RequestServices.GetRequiredService<PeoplePages>()
                        .WriteAsync<PlainHttp>(http, isWrong: true, new() { [nameof(PlainHttp.Address)] = secure });
                else
                    http.SeeOther(secure);
                return Results.Empty;
            }
        );
        return routes;
    }

    private static bool MayBeProxy(HttpContext http) =>
        !http.Request.Headers.ContainsKey(Believed)
        && (http.Connection.RemoteIpAddress is not { } peer || !PublicInternet.Contains(peer));
}
