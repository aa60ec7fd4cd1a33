using Signpost.Api;
using Signpost.Api.Callers;
using Signpost.Dashboard.Account;
using Signpost.Dashboard.Links;
using Signpost.Dashboard.Shell;
using Signpost.Links;
using Signpost.QrCodes;
using Signpost.Web.Languages;
using static Signpost.Dashboard.OneLink.OneLinkLayout;

namespace Signpost.Dashboard.OneLink;

/// <summary>Makes the top of the pages of a link.</summary>
internal sealed class LinkHeads(OwnLanguages languages, Navigation navigation, TimeProvider clock)
{
    private const string Page = "/dashboard/links/{id}";
    private const string EditPage = $"{Page}/edit";

    private static readonly (string Path, string Text)[] Tabs =
    [
        ($"{Page}/statistics", "nav.statistics"),
        (Page, "one.tab.details"),
        ($"{Page}/clicks", "links.clicks"),
        ($"{Page}/explain", "one.tab.explain"),
        ($"{Page}/versions", "one.tab.versions"),
    ];

    public LinkHead Of(HttpContext http, LinkResponse link)
    {
        var (caller, texts) = (http.Caller(), languages.For(http));
        var code = QrCode.Of(QrTargets.TextOf(link.ShortUrl));
        return new(
            link.Id,
            link.Title ?? WithoutScheme(link.LocationUrl),
            HostOf(link.LocationUrl),
            link.ShortUrl,
            LinkLines.ShortText(link.ShortUrl),
            link.LocationUrl,
            StateOf(link, caller.TimeZone),
            code.Path,
            code.Size,
            [
                .. Tabs.Where(tab => navigation.Has(tab.Path))
                    .Select(tab => (AddressOf(tab.Path, link.Id), texts[tab.Text])),
            ],
            caller.May(Scopes.LinksWrite) && navigation.Has(EditPage) ? AddressOf(EditPage, link.Id) : null
        );
    }

    private static string AddressOf(string path, long id) => path.Replace("{id}", $"{id}", StringComparison.Ordinal);

    private static string WithoutScheme(string address)
    {
        var end = address.IndexOf("://", StringComparison.Ordinal);
        return end < 0 ? address : address[(end + "://".Length)..].TrimEnd('/');
    }

    private static string HostOf(string destination)
    {
        if (!Uri.TryCreate(destination, UriKind.Absolute, out var address))
            return destination;
        var host = address.Host is "" ? address.Scheme : address.Host;
        return host.StartsWith("www.", StringComparison.Ordinal) ? host["www.".Length..] : host;
    }

    private string StateOf(LinkResponse link, TimeZoneInfo zone)
    {
        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        return link.IsBlocked ? "blocked"
            : !link.IsEnabled ? "disabled"
            : link.Settings.Schedule && Instant(link.EndDate, zone) <= now ? "expired"
            : link.Settings.Schedule && Instant(link.StartDate, zone) > now ? "scheduled"
            : link.Settings.ClicksLimit <= link.Clicks ? "limited"
            : "enabled";
    }

    private static long? Instant(string? text, TimeZoneInfo zone) =>
        text is not null && LocalTime.TryParse(text, zone, out var instant) ? instant : null;
}
