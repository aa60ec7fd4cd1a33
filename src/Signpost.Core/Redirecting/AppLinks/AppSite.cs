namespace Signpost.Core.Redirecting.AppLinks;

/// <summary>The systems whose apps a link can open.</summary>
public enum AppSystem : byte
{
    None,
    Ios,
    Android,
}

/// <summary>A site that has an app: one row of <see cref="AppSites"/>.</summary>
/// <param name="Name">Its usual name.</param>
/// <param name="Hosts">Separated by blanks; their subdomains count too.</param>
/// <param name="Source">The description of its app's addresses on iOS; null: the app has no addresses of its own.</param>
/// <param name="Rules">Shapes of web addresses and the app's addresses on iOS; the first that fits counts.</param>
internal sealed record AppSite(string Name, string Hosts, string? Source, params (string Shape, string? App)[] Rules)
{
    private AppRule[]? _rules;

    /// <summary>The package on Android, as in <c>https://play.google.com/store/apps/details?id=…</c>; null: no app there.</summary>
    public string? Package { get; init; }

    /// <summary>The beginning of the paths that belong to the app.</summary>
    public string Path { get; init; } = "/";

    /// <summary>Its own built-in browser: a visitor in it is in the app already.</summary>
    public InAppBrowser Own { get; init; }

    /// <summary>Parameters that tell who shared an address, separated by blanks: an app's address need not have them.</summary>
    public string Ignored { get; init; } = "";

    /// <summary>Its subdomains show the same pages. Otherwise only <c>www</c>, those for phones and those for languages do.</summary>
    public bool HasSubdomains { get; init; }

    public string? AddressOf(AppSystem system, in WebAddress address, string url) =>
        system switch
        {
            AppSystem.Ios => Ios(address, url),
            AppSystem.Android when Package is not null => Intent(address, url),
            _ => null,
        };

    private string? Ios(in WebAddress address, string url)
    {
        _rules ??= [.. Rules.Select(rule => new AppRule(rule.Shape, rule.App, Ignored.Split(' ')))];
        foreach (var rule in _rules)
            if ((rule.TakesAnyPage || IsMain(address.Host)) && rule.TryMap(address, url, out var app))
                return app;

        return null;
    }

    // A clip's name at clips.twitch.tv is no channel.
    private bool IsMain(ReadOnlySpan<char> host)
    {
        if (HasSubdomains)
            return true;
        foreach (var own in Hosts.Split(' '))
            if (host.EndsWith(own) && host[..^own.Length] is "" or "www." or "m." or "mobile." or [_, _, '.'])
                return true;

        return false;
    }

    // https://developer.chrome.com/docs/android/intents. The fragment is cut off; so everything after our '#'
    // is ours.
    private string Intent(in WebAddress address, string url) =>
        $"intent://{address.Host}{address.Path}{address.Query}#Intent;scheme=https;package={Package};"
        + $"S.browser_fallback_url={Uri.EscapeDataString(url)};end";
}
