using Signpost.Api.Callers;
using Signpost.Links;
using Signpost.Web.Components;
using Signpost.Web.Languages;

namespace Signpost.Dashboard.Links;

/// <summary>Makes the lines of the list from links as the API shows them.</summary>
internal sealed class LinkLines(OwnLanguages languages, TimeProvider clock)
{
    /// <param name="trends">The clicks by days, in the order of the links; null: unknown.</param>
    public IReadOnlyList<LinksPage.LinkLine> Of(
        HttpContext http,
        IReadOnlyList<LinkResponse> links,
        IReadOnlyList<LinksPage.Choice> projects,
        IReadOnlyList<long[]>? trends
    )
    {
        var (zone, texts) = (http.Caller().TimeZone, languages.For(http).All);
        return
        [
            .. links.Select(
                (link, place) =>
                    new LinksPage.LinkLine(
                        link.Id,
                        link.ShortUrl,
                        ShortText(link.ShortUrl),
                        link.Title,
                        link.LocationUrl,
                        LinkStates.HostOf(link.LocationUrl),
                        link.Tags,
                        projects.FirstOrDefault(project => project.Id == link.ProjectId),
                        link.IsEnabled,
                        StateOf(link, zone),
                        [.. FlagsOf(link, texts)],
                        trends?[place],
                        link.Clicks,
                        LinkStates.Instant(link.Datetime, zone) ?? default
                    )
            ),
        ];
    }

    /// <summary>A short address as people read it: without its scheme, and with letters instead of escapes.</summary>
    public static string ShortText(string address) =>
        Uri.UnescapeDataString(address[(address.IndexOf("://", StringComparison.Ordinal) + "://".Length)..]);

    // A usual state needs no badge, and the limit has a flag.
    private string? StateOf(LinkResponse link, TimeZoneInfo zone) =>
        LinkStates.Of(link, zone, clock.GetUtcNow()) is not ("enabled" or "limited") and var state ? state : null;

    private static IEnumerable<(string Icon, string Text)> FlagsOf(
        LinkResponse link,
        IReadOnlyDictionary<string, string> texts
    )
    {
        var settings = link.Settings;
        if (settings.Password is not null)
            yield return ("lock", texts["links.flag.password"]);
        if (settings.TargetingType is not null)
            yield return ("split", texts["links.flag.targeting"]);
        if (settings.Schedule)
            yield return ("calendar-clock", texts["links.flag.schedule"]);
        if (settings.ClicksLimit is { } limit)
            yield return ("gauge", texts.Fill("links.flag.limit", ("count", Shown.Number(limit, texts))));
        if (settings.SensitiveContent)
            yield return ("triangle-alert", texts["links.flag.warning"]);
        if (settings.CloakingIsEnabled)
            yield return ("frame", texts["links.flag.cloaking"]);
    }
}
