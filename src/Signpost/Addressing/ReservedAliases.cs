using System.Collections.Frozen;

namespace Signpost.Addressing;

/// <summary>
/// The first segments that no alias on the main domain may have, in any case: those of the server's own routes, and names for future use. A
/// test compares them with the routes. Reading the routes here would build every endpoint before the first redirect.
/// </summary>
internal static class ReservedAliases
{
    /// <summary>
    /// The key of a path where older phones ask for <see cref="AppFilePath"/>. On custom domains it leads there, unless a link has this alias.
    /// </summary>
    public const string AppFile = "apple-app-site-association";
    public const string AppFilePath = "/" + AppFileKey;
    private const string AppFileKey = ".well-known/" + AppFile;

    /// <summary>
    /// First segments of routes that visitors need on every domain. These routes are mapped like any other. New ones go under
    /// <c>_signpost</c>.
    /// </summary>
    private static readonly FrozenSet<string> ServedOnEveryDomain = Of("_signpost", "favicon.ico", "robots.txt");

    /// <summary>First segments that no alias may have on any domain, although the server has no route there.</summary>
    private static readonly FrozenSet<string> KeptOnEveryDomain = Of(".well-known");

    /// <summary>Keys of whole paths of routes that only custom domains have.</summary>
    private static readonly FrozenSet<string> ServedOnCustomDomains = Of(AppFileKey, ".well-known/assetlinks.json");

    private static readonly FrozenSet<string> OnMainDomain = Of(
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
        ".well-known"
    );

    /// <summary>Tells whether this first segment of an alias's key is taken by the server.</summary>
    public static bool Contains(ReadOnlySpan<char> firstSegment) =>
        OnMainDomain.GetAlternateLookup<ReadOnlySpan<char>>().Contains(firstSegment);

    /// <summary>Tells whether an alias's key belongs to the server on a domain; 0 is the main one.</summary>
    public static bool IsOn(long domainId, ReadOnlySpan<char> key)
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

    // Routes ignore case, so these do it even where aliases do not.
    private static FrozenSet<string> Of(params ReadOnlySpan<string> names) =>
        FrozenSet.Create(StringComparer.OrdinalIgnoreCase, names);

    private static bool IsServedOnEveryDomain(ReadOnlySpan<char> firstSegment) =>
        ServedOnEveryDomain.GetAlternateLookup<ReadOnlySpan<char>>().Contains(firstSegment);
}
