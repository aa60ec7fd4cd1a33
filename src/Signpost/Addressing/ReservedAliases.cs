using System.Collections.Frozen;
using Microsoft.AspNetCore.Routing.Patterns;
using Signpost.Core.Links;

namespace Signpost.Addressing;

/// <summary>
/// The first segments that no alias on the main domain may have: those of the server's own routes, from the route table,
/// and names for future use.
/// </summary>
internal sealed class ReservedAliases(EndpointDataSource routes)
{
    /// <summary>
    /// First segments of routes that visitors need on every domain. These routes are mapped like any other. New ones go under
    /// <c>_signpost</c>.
    /// </summary>
    private static readonly FrozenSet<string> ServedOnEveryDomain = ["_signpost", "favicon.ico", "robots.txt"];

    /// <summary>First segments that no alias may have on any domain, although the server has no route there.</summary>
    private static readonly FrozenSet<string> KeptOnEveryDomain = [".well-known"];

    /// <summary>Keys of whole paths of routes that only custom domains have.</summary>
    private static readonly FrozenSet<string> ServedOnCustomDomains =
    [
        ".well-known/apple-app-site-association",
        ".well-known/assetlinks.json",
    ];

    private static readonly string[] Needed =
    [
        "api",
        "login",
        "logout",
        "setup",
        "dashboard",
        "account",
        "admin",
        "assets",
        "static",
        "files",
        "health",
        "healthz",
        "readyz",
        "metrics",
        "openapi",
        "qr",
        "swagger",
        "docs",
        "l",
        "_framework",
        "_signpost",
        "favicon.ico",
        "robots.txt",
        "sitemap.xml",
        "index.html",
        ".well-known",
    ];

    // Holds the set, not its look-up. The look-up is a struct: with two first requests at once, one could read it half written.
    private FrozenSet<string>? _keys;

    /// <summary>Tells whether this first segment of an alias's key is taken by the server.</summary>
    public bool Contains(ReadOnlySpan<char> firstSegment) =>
        (_keys ??= Read()).GetAlternateLookup<ReadOnlySpan<char>>().Contains(firstSegment);

    /// <summary>Tells whether an alias's key belongs to the server on a domain; 0 is the main one.</summary>
    public bool IsOn(long domainId, ReadOnlySpan<char> key)
    {
        var first = key.IndexOf('/') is >= 0 and var end ? key[..end] : key;
        return domainId == 0 ? Contains(first) : IsOnEveryDomain(first);
    }

    /// <summary>Tells whether this first segment of an alias's key is the server's on custom domains too.</summary>
    public static bool IsOnEveryDomain(ReadOnlySpan<char> firstSegment) =>
        IsServedOnEveryDomain(firstSegment)
        || KeptOnEveryDomain.GetAlternateLookup<ReadOnlySpan<char>>().Contains(firstSegment);

    /// <summary>Tells whether a custom domain passes the path with this key on to the routes.</summary>
    public static bool IsPassedOn(ReadOnlySpan<char> key) =>
        IsServedOnEveryDomain(key.IndexOf('/') is >= 0 and var end ? key[..end] : key)
        || ServedOnCustomDomains.GetAlternateLookup<ReadOnlySpan<char>>().Contains(key);

    private static bool IsServedOnEveryDomain(ReadOnlySpan<char> firstSegment) =>
        ServedOnEveryDomain.GetAlternateLookup<ReadOnlySpan<char>>().Contains(firstSegment);

    // Made at first use, when every route is mapped.
    private FrozenSet<string> Read() =>
        routes
            .Endpoints.OfType<RouteEndpoint>()
            .Select(endpoint =>
                endpoint.RoutePattern.PathSegments is [{ Parts: [RoutePatternLiteralPart first] }, ..]
                    ? first.Content
                    : null
            )
            .OfType<string>()
            .Concat(Needed)
            .Select(name => Alias.TryParse(name, out var alias, out _) ? alias.Key : name.ToLowerInvariant())
            .ToFrozenSet(StringComparer.Ordinal);
}
