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
            LinkStates.HostOf(link.LocationUrl),
            link.ShortUrl,
            LinkLines.ShortText(link.ShortUrl),
            link.LocationUrl,
            LinkStates.Of(link, caller.TimeZone, clock.GetUtcNow()),
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
}
