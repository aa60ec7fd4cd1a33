using Microsoft.Extensions.Primitives;
using Signpost.Addressing;
using Signpost.Core.Clicks;
using Signpost.Core.Links;
using Signpost.Core.Redirecting;
using Signpost.Core.Statistics;
using Signpost.Core.Targeting;
using Signpost.Core.Visitors;
using Signpost.Core.Visitors.Agents;
using Signpost.Hosting;
using Signpost.Visitors;

namespace Signpost.Redirects;

/// <summary>Copies from a request the raw facts that statistics need. They are classified later, when no visitor waits.</summary>
internal sealed class FactsReader(PlaceFinder places, SignpostSettings settings)
{
    public ClickFacts Read(HttpContext http, AskedDomain domain, LinkPlan plan, in Decision decision)
    {
        var headers = http.Request.Headers;
        var query = http.Request.QueryString is { HasValue: true, Value: var text }
            ? VisitQuery.Read(text.AsSpan(1), settings.NoTrackParameter)
            : default;
        var isUntracked = IsUntracked(query, headers);
        var facts = new ClickFacts
        {
            DomainId = domain.Id,
            HostId = domain.HostId,
            Marks =
                (query.IsQr ? ClickMarks.Qr : 0)
                | (isUntracked ? ClickMarks.Untracked : 0)
                | (Alias.IsInCaseOf(http.Request.Path.Value, plan.Alias) ? 0 : ClickMarks.OtherCase),
            Query = query,
            Utm = plan.Utm,
        };
        if (decision.SendsOn && MayTell(facts, plan))
            facts.Marks |= ClickMarks.SentOn;
        if (isUntracked)
            return facts;

        facts.Address = http.Connection.RemoteIpAddress;
        facts.Said = places.Said(headers);
        facts.Agent = Bounded(headers.UserAgent, AgentParser.LongestAgent);
        facts.Brands = Hint(headers["Sec-CH-UA"]);
        facts.Mobile = Hint(headers["Sec-CH-UA-Mobile"]);
        facts.Platform = Hint(headers["Sec-CH-UA-Platform"]);
        facts.FullVersions = Hint(headers["Sec-CH-UA-Full-Version-List"]);
        facts.Model = Hint(headers["Sec-CH-UA-Model"]);
        facts.Languages = Bounded(headers.AcceptLanguage, ClickCodec.LongestLanguages);
        facts.Referrer = ReferrerOf(http);
        return facts;
    }

    /// <summary>Whether nothing may be kept of this visitor, by their query or by the settings of their browser.</summary>
    public bool IsUntracked(HttpContext http) =>
        IsUntracked(
            http.Request.QueryString is { HasValue: true, Value: var text }
                ? VisitQuery.Read(text.AsSpan(1), settings.NoTrackParameter)
                : default,
            http.Request.Headers
        );

    /// <summary>Whether the chosen destination may be kept: not if it reveals facts of a visitor who must not be tracked.</summary>
    public static bool MayTell(in ClickFacts facts, LinkPlan plan) =>
        (facts.Marks & ClickMarks.Untracked) == 0 || plan.Rules is null or { Kind: TargetingKind.Rotation };

    // One of our own pages that leads to the next is no source.
    private static ReadOnlySpan<char> ReferrerOf(HttpContext http)
    {
        var headers = http.Request.Headers;
        var referrer = Bounded(headers.Referer, ClickCodec.LongestReferrer);
        return !referrer.IsEmpty && Referrers.IsOf(referrer, headers.Host.ToString()) ? default : referrer;
    }

    private bool IsUntracked(in VisitQuery query, IHeaderDictionary headers) =>
        query.IsUntracked || (settings.HonorsDoNotTrack && AsksNotToBeTracked(headers));

    private static bool AsksNotToBeTracked(IHeaderDictionary headers) =>
        headers["DNT"] is ["1"] || headers["Sec-GPC"] is ["1"];

    // Several lines are one list (RFC 9110, 5.3); few clients send them.
    private static ReadOnlySpan<char> Bounded(StringValues lines, int longest)
    {
        ReadOnlySpan<char> text = lines.Count > 1 ? string.Join(',', lines.ToArray()) : lines;
        return text[..Math.Min(text.Length, longest)];
    }

    private static ReadOnlySpan<char> Hint(StringValues lines) =>
        lines is [{ Length: <= ClientHints.LongestHint } hint] ? hint : default(ReadOnlySpan<char>);
}
