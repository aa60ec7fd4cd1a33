using System.Collections.Frozen;
using System.Text;
using Signpost.Core.Links;

namespace Signpost.Core.Redirecting.AppLinks;

/// <summary>The known sites whose apps a link can open.</summary>
public static class AppSites
{
    // Parts of sites that no app shows.
    private static readonly FrozenSet<string> NoApps =
    [
        .. "about ads advertising api aws blog business careers dev developer developers docs drive help".Split(' '),
        .. "investors kdp legal music newsroom pay photos policies press privacy read sell seller".Split(' '),
        .. "sellercentral status studio support transparency".Split(' '),
    ];

    private static readonly FrozenDictionary<string, AppSite[]> ByHost = KnownSites
        .All.SelectMany(site => site.Hosts.Split(' ').Select(host => (host, site)))
        .GroupBy(row => row.host, row => row.site)
        .ToFrozenDictionary(rows => rows.Key, rows => rows.ToArray());

    /// <summary>The names in the table, for the documentation.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. KnownSites.All.Select(site => site.Name).Distinct()];

    /// <summary>The name of the site of an address; null: no known site.</summary>
    public static string? NameOf(string url) => Find(url)?.Name;

    /// <summary>The app's address for a web address, safe to put in a page's attribute or in its script's data; null: none.</summary>
    public static string? AddressOf(AppSystem system, string url) =>
        WebAddress.TryRead(Strict(url), out var address) ? Find(address)?.AddressOf(system, address, url) : null;

    // Addresses of apps are read by many programs, so they hold fewer signs than browsers allow.
    private static string Strict(string url) =>
        url.AsSpan().ContainsAnyExcept(UrlEscaping.App)
            ? new StringBuilder(url.Length + 16).AppendEscaped(url, UrlEscaping.App).ToString()
            : url;

    /// <summary>The system for its name in an agent.</summary>
    public static AppSystem SystemOf(string? name) =>
        name switch
        {
            "iOS" => AppSystem.Ios,
            "Android" => AppSystem.Android,
            _ => AppSystem.None,
        };

    internal static AppSite? Find(string url) => WebAddress.TryRead(url, out var address) ? Find(address) : null;

    // Looks for the host, then for its parent domains, a label at a time: "youtube.com.evil.example" never becomes "youtube.com".
    private static AppSite? Find(in WebAddress address)
    {
        var hosts = ByHost.GetAlternateLookup<ReadOnlySpan<char>>();
        var noApps = NoApps.GetAlternateLookup<ReadOnlySpan<char>>();
        for (var host = address.Host; !host.IsEmpty; )
        {
            if (hosts.TryGetValue(host, out var sites))
                return FirstFor(sites, address.Path);

            var dot = host.IndexOf('.');
            if (dot < 0 || noApps.Contains(host[..dot]))
                return null;
            host = host[(dot + 1)..];
        }

        return null;
    }

    private static AppSite? FirstFor(AppSite[] sites, ReadOnlySpan<char> path)
    {
        foreach (var site in sites)
            if (path.StartsWith(site.Path, StringComparison.OrdinalIgnoreCase) && EndsAt(path, site.Path))
                return site;

        return null;
    }

    // "/maps" is not a beginning of "/mapsy".
    private static bool EndsAt(ReadOnlySpan<char> path, string start) =>
        start is [.., '/'] || path.Length == start.Length || path[start.Length] is '/';
}
