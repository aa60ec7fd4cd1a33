using Signpost.Api;
using Signpost.Links;

namespace Signpost.Dashboard.Links;

/// <summary>Tells about a link, as the API shows it, what its row in the list and its page both show.</summary>
internal static class LinkStates
{
    /// <summary>The state: a text of <c>links.state.…</c>.</summary>
    /// <param name="zone">The time zone of the dates in the response.</param>
    public static string Of(LinkResponse link, TimeZoneInfo zone, DateTimeOffset now) =>
        link.IsBlocked ? "blocked"
        : !link.IsEnabled ? "disabled"
        : link.Settings.Schedule && Instant(link.EndDate, zone) <= now ? "expired"
        : link.Settings.Schedule && Instant(link.StartDate, zone) > now ? "scheduled"
        : link.Settings.ClicksLimit <= link.Clicks ? "limited"
        : "enabled";

    /// <summary>The host of a destination without <c>www.</c>, or its scheme if it has no host.</summary>
    public static string HostOf(string destination)
    {
        if (!Uri.TryCreate(destination, UriKind.Absolute, out var address))
            return destination;
        var host = address.Host is "" ? address.Scheme : address.Host;
        return host.StartsWith("www.", StringComparison.Ordinal) ? host["www.".Length..] : host;
    }

    /// <summary>A time of a response; null: it is not set.</summary>
    public static DateTimeOffset? Instant(string? text, TimeZoneInfo zone) =>
        text is not null && LocalTime.TryParse(text, zone, out var instant)
            ? DateTimeOffset.FromUnixTimeMilliseconds(instant)
            : null;
}
