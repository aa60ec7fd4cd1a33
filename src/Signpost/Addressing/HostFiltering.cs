using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Primitives;
using Signpost.Hosting;
using Signpost.Web.Notices;

namespace Signpost.Addressing;

/// <summary>What every request passes before anything looks at its path.</summary>
internal static class HostFiltering
{
    public static void AddTrustedProxies(this IServiceCollection services, SignpostSettings settings) =>
        services.Configure<ForwardedHeadersOptions>(forwarded =>
        {
            forwarded.ForwardedHeaders =
                ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto | ForwardedHeaders.XForwardedHost;
            // As many hops as the proxies that are trusted; the first stranger from the right is the client.
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
                return next(http);
            }
        );
        if (settings.TrustedProxies.Count > 0)
        {
            app.UseOnlyReadableHosts();
            app.UseForwardedHeaders();
        }
        if (settings.PublicUrl is not null)
            app.UseOnlyOwnHosts();
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
                    ? next(http)
                    : pages.WriteAsync(http, VisitorPage.Misdirected).AsTask()
        );
    }

    // A proxy that asks for itself whether it may get a certificate cannot choose the host under which it asks. What it
    // hands on for somebody else comes from that somebody's address here.
    private static bool IsAskedByProxy(HttpContext http, SignpostSettings settings) =>
        http.Request.Path.StartsWithSegments("/api/domains/check", out var rest)
        && rest.Value is "" or "/"
        && http.Connection.RemoteIpAddress is { } peer
        && settings.TrustedProxies.Any(network => network.Contains(peer) || network.Contains(peer.MapToIPv4()));
}
