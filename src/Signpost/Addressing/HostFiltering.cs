using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Primitives;
using Signpost.Core.Redirecting;
using Signpost.Hosting;
using Signpost.Web;
using Signpost.Web.Notices;

namespace Signpost.Addressing;

/// <summary>Trusts the configured proxies, and refuses unknown hosts before anything reads the path of a request.</summary>
internal static class HostFiltering
{
    // Last, because ASPNETCORE_FORWARDEDHEADERS_ENABLED makes the framework believe everybody.
    public static void AddTrustedProxies(this IServiceCollection services, SignpostSettings settings) =>
        services.PostConfigure<ForwardedHeadersOptions>(forwarded =>
        {
            forwarded.ForwardedHeaders =
                settings.TrustedProxies.Count == 0
                    ? ForwardedHeaders.None
                    : ForwardedHeaders.XForwardedFor
                        | ForwardedHeaders.XForwardedProto
                        | ForwardedHeaders.XForwardedHost;
            // Any number of hops, as long as each is a trusted proxy: the first untrusted address from the right is the client.
            forwarded.ForwardLimit = null;
            forwarded.KnownProxies.Clear();
            forwarded.KnownIPNetworks.Clear();
            foreach (var network in settings.TrustedProxies)
                forwarded.KnownIPNetworks.Add(network);
        });

    public static void UseHostFiltering(this WebApplication app)
    {
        var settings = app.Services.GetRequiredService<SignpostSettings>();
        var drain = app.Services.GetRequiredService<Drain>();
        app.Use(
            (http, next) =>
            {
                if (drain.IsDraining && !HttpProtocol.IsHttp2(http.Request.Protocol))
                    http.Response.Headers.Connection = "close";
                return Server.HasTooLongAddress(http.Request) && !IsApi(http.Request) ? RefuseAsync(http) : next(http);
            }
        );
        if (settings.TrustedProxies.Count > 0)
        {
            app.UseOnlyReadableHosts();
            app.UseForwardedHeaders();
        }
        app.UseHostsWithoutWww();
        app.UseBasePath();
        if (settings.PublicUrl is not null)
            app.UseOnlyOwnHosts();
    }

    // Visitors put a "www." before everything. Later somebody may prove that host by itself, so browsers do not keep the redirect.
    private static void UseHostsWithoutWww(this WebApplication app)
    {
        var domains = app.Services.GetRequiredService<DomainDirectory>();
        app.Use(
            (http, next) =>
            {
                if (domains.FindBehindWww(http.Request.Headers.Host.ToString()) is not { } domain)
                    return next(http);

                var query = http.Request.QueryString;
                http.Response.StatusCode = StatusCodes.Status308PermanentRedirect;
                http.Response.ContentLength = 0;
                http.Response.Headers.Location =
                    domain.Home
                    + http.Request.Path.ToUriComponent()
                    + (query.HasValue ? "?" + DestinationBuilder.Escaped(query.Value.AsSpan(1)) : "");
                http.Response.Headers.CacheControl = "private, max-age=0, no-store";
                http.Response.Headers.XContentTypeOptions = "nosniff";
                http.Response.Headers["X-Robots-Tag"] = "noindex";
                return Task.CompletedTask;
            }
        );
    }

    /// <summary>Remembers that people use another host than a guessed public address has. Redirects do not come here.</summary>
    public static void UseHostWatch(this WebApplication app)
    {
        var address = app.Services.GetRequiredService<PublicAddress>();
        var domains = app.Services.GetRequiredService<DomainDirectory>();
        app.Use(
            (http, next) =>
            {
                if (address is { Notice: not null, Warning: null } && domains.Find(http) is null)
                    address.WarningFor(http.Request.Headers.Host.ToString());
                return next(http);
            }
        );
    }

    // The API refuses it in its own form.
    private static bool IsApi(HttpRequest request) => request.Path.StartsWithSegments("/api");

    private static Task RefuseAsync(HttpContext http)
    {
        http.Response.StatusCode = StatusCodes.Status414UriTooLong;
        http.Response.ContentLength = 0;
        return Task.CompletedTask;
    }

    // The framework decodes and encodes both hosts where a proxy forwards one, and throws for those that are no names, such as xn--a.
    private static void UseOnlyReadableHosts(this WebApplication app)
    {
        var pages = app.Services.GetRequiredService<VisitorPages>();
        app.Use(
            (http, next) =>
                http.Request.Headers["X-Forwarded-Host"] is not [_, ..] forwarded
                || (IsReadable(http.Request.Headers.Host) && IsReadable(forwarded))
                    ? next(http)
                    : pages.WriteAsync(http, VisitorPage.Misdirected).AsTask()
        );
    }

    private static bool IsReadable(StringValues hosts)
    {
        try
        {
            foreach (var host in hosts.ToString().Split(','))
                HostString.FromUriComponent(host.Trim()).ToUriComponent();
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    // The proxy keeps the base path or takes it off. In both cases it is before our own addresses in responses.
    private static void UseBasePath(this WebApplication app)
    {
        var address = app.Services.GetRequiredService<PublicAddress>();
        var domains = app.Services.GetRequiredService<DomainDirectory>();
        app.Use(
            (http, next) =>
            {
                if (address.BasePath is not { HasValue: true } basePath || domains.Find(http) is not null)
                    return next(http);

                var request = http.Request;
                request.PathBase = basePath;
                if (request.Path.StartsWithSegments(basePath, StringComparison.Ordinal, out var rest))
                    request.Path = rest.HasValue ? rest : "/";
                http.Response.OnStarting(BasePath.AddToLocationAsync, http);
                return next(http);
            }
        );
    }

    private static void UseOnlyOwnHosts(this WebApplication app)
    {
        var address = app.Services.GetRequiredService<PublicAddress>();
        var domains = app.Services.GetRequiredService<DomainDirectory>();
        var settings = app.Services.GetRequiredService<SignpostSettings>();
        var pages = app.Services.GetRequiredService<VisitorPages>();
        app.Use(
            (http, next) =>
                address.IsServed(http.Request.Headers.Host.ToString())
                || domains.Find(http) is not null
                || IsAskedByProxy(http, settings)
                || IsProbe(http)
                    ? next(http)
                    : pages.WriteAsync(http, VisitorPage.Misdirected).AsTask()
        );
    }

    // Balancers and containers ask by address, or without a host.
    private static bool IsProbe(HttpContext http) =>
        (HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsHead(http.Request.Method))
        && http.Request.Path.Value?.TrimEnd('/').ToLowerInvariant() is "/healthz" or "/readyz";

    // A proxy that asks whether it may get a certificate cannot choose the host of that request. Requests that it
    // forwards for clients have the client's address here.
    private static bool IsAskedByProxy(HttpContext http, SignpostSettings settings) =>
        http.Request.Path.StartsWithSegments("/api/domains/check", out var rest)
        && rest.Value is "" or "/"
        && http.Connection.RemoteIpAddress is { } peer
        && settings.TrustedProxies.Any(network => network.Contains(peer) || network.Contains(peer.MapToIPv4()));
}
