using System.Text.RegularExpressions;
using static Signpost.Dashboard.Shell.DashboardPage;

namespace Signpost.Dashboard.Shell;

/// <summary>The entries of the navigation. An entry appears when its page is mapped.</summary>
internal sealed partial class Navigation(EndpointDataSource endpoints)
{
    /// <summary>Where people land.</summary>
    public const string Home = "/dashboard/links";

    public const string NewLink = "/dashboard/links/new";

    private static readonly NavigationEntry[] Table =
    [
        new(Home, "nav.links", "link"),
        new("/dashboard/statistics", "nav.statistics", "chart-no-axes-column"),
        new("/dashboard/unknown", "nav.unknown", "circle-help"),
        new("/dashboard/qr-codes", "nav.qr_codes", "qr-code"),
        new("/dashboard/domains", "nav.domains", "globe"),
        new("/dashboard/projects", "nav.projects", "folder"),
        new("/dashboard/pixels", "nav.pixels", "radar"),
        new("/dashboard/tags", "nav.tags", "tag"),
        new("/dashboard/splash-pages", "nav.splash_pages", "panel-top"),
        new("/dashboard/team", "nav.team", "users", IsBelow: true),
        new("/dashboard/account", "nav.account", "user", IsBelow: true),
        new("/dashboard/server", "nav.server", "server", IsBelow: true) { IsForAdmins = true },
    ];

    private readonly Lazy<HashSet<string>> _pages = new(() => [.. PathsOf(endpoints)]);
    private IReadOnlyList<NavigationEntry>? _entries;

    /// <summary>All entries whose pages exist.</summary>
    public IReadOnlyList<NavigationEntry> Entries => _entries ??= [.. Table.Where(entry => Has(entry.Path))];

    /// <summary>Tells whether there is a page at this address.</summary>
    /// <param name="path">Any parameter is written <c>{id}</c>.</param>
    public bool Has(string path) => _pages.Value.Contains(path);

    private static IEnumerable<string> PathsOf(EndpointDataSource endpoints) =>
        from endpoint in endpoints.Endpoints.OfType<RouteEndpoint>()
        where endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods.Contains(HttpMethods.Get) == true
        select Parameter().Replace($"/{endpoint.RoutePattern.RawText!.Trim('/')}", "{id}");

    [GeneratedRegex(@"\{[^}]*\}")]
    private static partial Regex Parameter();
}
