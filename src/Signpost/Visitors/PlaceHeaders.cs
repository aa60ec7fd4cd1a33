using System.Net;
using Signpost.Core.Visitors;
using Signpost.Hosting;

namespace Signpost.Visitors;

/// <summary>
/// Reads where a visitor is from what a proxy that knows has written into the request. Whether the proxy is believed is
/// decided before: <see cref="PlaceHeadersFilter"/> takes these headers away from everybody else.
/// </summary>
internal sealed class PlaceHeaders
{
    private readonly string _country;
    private readonly string? _continent;
    private readonly string? _city;

    private PlaceHeaders(string country, string? continent, string? city) =>
        (_country, _continent, _city) = (country, continent, city);

    /// <summary>The headers of one source; null: headers are not asked.</summary>
    public static PlaceHeaders? Of(GeoHeaders source) =>
        source switch
        {
            GeoHeaders.Cloudflare => new("CF-IPCountry", "CF-IPContinent", "CF-IPCity"),
            GeoHeaders.CloudFront => new("CloudFront-Viewer-Country", null, "CloudFront-Viewer-City"),
            GeoHeaders.Vercel => new("X-Vercel-IP-Country", "X-Vercel-IP-Continent", "X-Vercel-IP-City"),
            GeoHeaders.AppEngine => new("X-AppEngine-Country", null, "X-AppEngine-City"),
            _ => null,
        };

    /// <summary>
    /// What the headers say; nothing when they name no country. Unknown is written in many ways (XX, T1 for Tor, ZZ, ?), and
    /// all of them are no country's code.
    /// </summary>
    public Place Read(IHeaderDictionary headers)
    {
        var code = Value(headers, _country);
        if (Countries.Find(code) is not { } country)
            return default;
        return new(
            Countries.FindContinent(Value(headers, _continent)) ?? Countries.ContinentOf(code),
            country,
            City(Value(headers, _city))
        );
    }

    /// <summary>Takes the headers away; whoever is not trusted says nothing with them.</summary>
    public void RemoveFrom(IHeaderDictionary headers)
    {
        headers.Remove(_country);
        if (_continent is not null)
            headers.Remove(_continent);
        if (_city is not null)
            headers.Remove(_city);
    }

    // Kestrel has read the bytes as UTF-8; CloudFront and Vercel write what is not ASCII, and Vercel blanks too, as
    // percent-escapes.
    private static string? City(string? name)
    {
        if (name is null or "?" || name.Length > 9 * Place.LongestCity)
            return null;
        return CityName.Find(name.Contains('%', StringComparison.Ordinal) ? Uri.UnescapeDataString(name) : name);
    }

    // A header sent twice was not sent by the proxy alone.
    private static string? Value(IHeaderDictionary headers, string? name) =>
        name is not null && headers.TryGetValue(name, out var values) && values.Count == 1 ? values[0]?.Trim() : null;
}

/// <summary>Runs before <see cref="PlaceHeaders"/>.</summary>
internal static class PlaceHeadersFilter
{
    /// <summary>
    /// Keeps geo headers only of requests that come from a trusted proxy itself. To be called before the front door, where
    /// the visitor's address takes the place of the proxy's.
    /// </summary>
    public static void UseOnlyTrustedPlaces(this IApplicationBuilder app)
    {
        var settings = app.ApplicationServices.GetRequiredService<SignpostSettings>();
        if (PlaceHeaders.Of(settings.GeoHeaders) is not { } places)
            return;

        IPNetwork[] proxies = [.. settings.TrustedProxies];
        app.Use(
            (http, next) =>
            {
                if (!IsTrusted(http.Connection.RemoteIpAddress, proxies))
                    places.RemoveFrom(http.Request.Headers);
                return next(http);
            }
        );
    }

    private static bool IsTrusted(IPAddress? peer, IPNetwork[] proxies)
    {
        if (peer is null)
            return false;
        var plain = peer.IsIPv4MappedToIPv6 ? peer.MapToIPv4() : peer;
        foreach (var network in proxies)
            if (network.Contains(plain) || network.Contains(peer))
                return true;
        return false;
    }
}
