using System.Net;
using Signpost.Core.Visitors;
using Signpost.Hosting;

namespace Signpost.Visitors;

/// <summary>
/// Reads a visitor's place from the headers of a proxy. <see cref="PlaceHeadersFilter"/> runs before and removes these headers
/// from all requests that do not come from a trusted proxy.
/// </summary>
internal sealed class PlaceHeaders
{
    private readonly string _country;
    private readonly string? _continent;
    private readonly string? _city;

    private PlaceHeaders(string country, string? continent, string? city) =>
        (_country, _continent, _city) = (country, continent, city);

    /// <summary>The headers of one source; null: headers are not used.</summary>
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
    /// The place in the headers; nothing if they name no country. There are many ways to write "unknown" (XX, T1 for Tor, ZZ, ?);
    /// none of them is the code of a country.
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

    /// <summary>Removes the headers of a request that is not from a trusted proxy.</summary>
    public void RemoveFrom(IHeaderDictionary headers)
    {
        headers.Remove(_country);
        if (_continent is not null)
            headers.Remove(_continent);
        if (_city is not null)
            headers.Remove(_city);
    }

    // Kestrel has read the bytes as UTF-8. CloudFront and Vercel write characters outside ASCII as percent-escapes, Vercel
    // also blanks.
    private static string? City(string? name)
    {
        if (name is null or "?" || name.Length > 9 * Place.LongestCity)
            return null;
        return CityName.Find(name.Contains('%', StringComparison.Ordinal) ? Uri.UnescapeDataString(name) : name);
    }

    // If a header comes twice, not only the proxy sent it.
    private static string? Value(IHeaderDictionary headers, string? name) =>
        name is not null && headers.TryGetValue(name, out var values) && values.Count == 1 ? values[0]?.Trim() : null;
}

/// <summary>Runs before <see cref="PlaceHeaders"/>.</summary>
internal static class PlaceHeadersFilter
{
    /// <summary>
    /// Keeps geo headers only in requests from a trusted proxy itself. It must run before the forwarded headers are read, because
    /// then the visitor's address replaces the proxy's.
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
