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
        new(Home, "nav.links", "link") { Key = "g l" },
        new("/dashboard/statistics", "nav.statistics", "chart-no-axes-column") { Key = "g s" },
        new("/dashboard/unknown", "nav.unknown", "circle-help") { Key = "g u" },
        new("/dashboard/qr-codes", "nav.qr_codes", "qr-code") { Key = "g q" },
        new("/dashboard/domains", "nav.domains", "globe") { Key = "g d" },
        new("/dashboard/projects", "nav.projects", "folder") { Key = "g p" },
        new("/dashboard/pixels", "nav.pixels", "radar") { Key = "g x" },
        new("/dashboard/tags", "nav.tags", "tag") { Key = "g t" },
        new("/dashboard/splash-pages", "nav.splash_pages", "panel-top"),
        new("/dashboard/team", "nav.team", "users", IsBelow: true) { Key = "g m" },
        new("/dashboard/account", "nav.account", "user", IsBelow: true) { Key = "g a" },
        new("/dashboard/server", "nav.server", "server", IsBelow: true) { IsForAdmins = true },
    ];

    /// <summary>Pages that only the palette offers.</summary>
    private static readonly NavigationEntry[] More =
    [
        new("/dashboard/links/bulk", "bulk.heading", "files") { IsForWriters = true },
        new("/dashboard/qr-codes/new", "qr.new", "qr-code") { IsForWriters = true },
        new("/dashboard/trash", "trash.heading", "trash-2"),
    ];

    private readonly Lazy<HashSet<string>> _pages = new(() => [.. PathsOf(endpoints)]);
    private IReadOnlyList<NavigationEntry>? _entries;
    private IReadOnlyList<NavigationEntry>? _more;

    /// <summary>All entries whose pages exist.</summary>
    public IReadOnlyList<NavigationEntry> Entries => _entries ??= [.. Table.Where(entry => Has(entry.Path))];

    /// <summary>The pages that only the palette offers, as far as they exist.</summary>
    public IReadOnlyList<NavigationEntry> OnlyInPalette => _more ??= [.. More.Where(entry => Has(entry.Path))];

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
