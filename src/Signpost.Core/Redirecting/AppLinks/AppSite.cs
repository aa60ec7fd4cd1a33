namespace Signpost.Core.Redirecting.AppLinks;

/// <summary>The systems whose apps a link can open.</summary>
public enum AppSystem : byte
{
    None,
    Ios,
    Android,
}

/// <summary>A site that has an app: one row of <see cref="AppSites"/>.</summary>
/// <param name="Name">As people know it.</param>
/// <param name="Hosts">With blanks between; their subdomains count too.</param>
/// <param name="Source">Where the addresses of its app on iOS are described; null: it has none that can be told from the web's.</param>
/// <param name="Rules">Web addresses and what the app on iOS calls them; the first that fits.</param>
internal sealed record AppSite(string Name, string Hosts, string? Source, params (string Shape, string? App)[] Rules)
{
    private AppRule[]? _rules;

    /// <summary>The package on Android, as in <c>https://play.google.com/store/apps/details?id=…</c>; null: no app there.</summary>
    public string? Package { get; init; }

    /// <summary>What the path must start with; the rest of the host is no app's.</summary>
    public string Path { get; init; } = "/";

    /// <summary>Its own built-in browser: who sits in that is in the app already.</summary>
    public InAppBrowser Own { get; init; }

    public string? AddressOf(AppSystem system, in WebAddress address, string url) =>
        system switch
        {
            AppSystem.Ios => Ios(address, url),
            AppSystem.Android when Package is not null => Intent(address, url),
            _ => null,
        };

    private string? Ios(in WebAddress address, string url)
    {
        _rules ??= [.. Rules.Select(rule => new AppRule(rule.Shape, rule.App))];
        foreach (var rule in _rules)
            if (rule.TryMap(address, url, out var app))
                return app;

        return null;
    }

    // https://developer.chrome.com/docs/android/intents. A canonical address holds one '#' at most, and that is cut off; so all
    // that follows ours is ours.
    private string Intent(in WebAddress address, string url) =>
        $"intent://{address.Host}{address.Path}{address.Query}#Intent;scheme=https;package={Package};"
        + $"S.browser_fallback_url={Uri.EscapeDataString(url)};end";
}
