using System.Net;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Primitives;
using Signpost.Core.Redirecting;
using Signpost.Core.Redirecting.AppLinks;
using Signpost.Core.Targeting;
using Signpost.Core.Visitors;
using Signpost.Visitors;

namespace Signpost.Redirects;

/// <summary>Reads from a request only the facts that its link needs.</summary>
internal sealed class VisitReader(AgentReader agents, PlaceFinder places, TimeProvider clock)
{
    /// <summary>An explanation may wait longer.</summary>
    private static readonly TimeSpan LongestWaitToExplain = TimeSpan.FromSeconds(1);

    /// <summary>Reads a request; false: its agent has to be read first by <see cref="ReadAsync(HttpContext, LinkPlan)"/>.</summary>
    public bool TryRead(HttpContext http, LinkPlan plan, out Visit visit)
    {
        var agent = agents.Meet(http.Request.Headers.UserAgent);
        var asks = plan.AsksOf(AgentReader.ClassOf(agent, http.Request.Headers));
        var isKnown = (asks & Facts.Agent) == 0 || agent.Told is not null;
        visit = isKnown ? Read(http, agent, asks) : default;
        return isKnown;
    }

    /// <summary>
    /// Reads a request, as if a person sent it, and its agent on another thread. After
    /// <see cref="AgentReader.Patience"/> the agent is unknown.
    /// </summary>
    public async Task<Visit> ReadAsync(HttpContext http, LinkPlan plan)
    {
        var agent = agents.Meet(http.Request.Headers.UserAgent);
        var asks = plan.AsksOf(VisitorClass.Person);
        if ((asks & Facts.Agent) != 0)
            await agents.LearnAsync(agent, agents.Patience);
        return Read(http, agent, asks);
    }

    /// <summary>Reads an invented request, to explain its response. Without a User-Agent it is a person's.</summary>
    public async Task<Visit> ReadAsync(IHeaderDictionary headers, IPAddress? address, DateTimeOffset at)
    {
        var agent = agents.Meet(headers.UserAgent);
        await agents.LearnAsync(agent, LongestWaitToExplain);
        var visit = Read(VisitMethod.Get, headers, address, at, agent, Facts.All);
        return headers.UserAgent.Count > 0 ? visit : visit with { Visitor = VisitorClass.Person };
    }

    private Visit Read(HttpContext http, SeenAgent agent, Facts asks) =>
        Read(
            MethodOf(http.Request.Method),
            http.Request.Headers,
            http.Connection.RemoteIpAddress,
            clock.GetUtcNow(),
            agent,
            asks
        );

    private Visit Read(
        VisitMethod method,
        IHeaderDictionary headers,
        IPAddress? address,
        DateTimeOffset at,
        SeenAgent agent,
        Facts asks
    ) =>
        new(at.ToUnixTimeMilliseconds(), method, AgentReader.ClassOf(agent, headers), IsPrefetch(headers))
        {
            Place = (asks & Facts.Place) == 0 ? default : places.Find(address, headers),
            Agent = (asks & Facts.Agent) == 0 ? null : AgentReader.Tell(agent, headers),
            AcceptLanguage = (asks & Facts.Language) == 0 ? null : Joined(headers.AcceptLanguage),
            InApp = (asks & Facts.InApp) == 0 ? default : InAppBrowsers.Of($"{headers.UserAgent}"),
            Lot = (asks & Facts.Lot) == 0 ? 0 : Draw(),
        };

    // Several lines are one list (RFC 9110, 5.3).
    private static string? Joined(StringValues lines) => lines.Count > 1 ? string.Join(',', lines.ToArray()) : lines;

    private static ulong Draw()
    {
        var lot = 0ul;
        Random.Shared.NextBytes(MemoryMarshal.AsBytes(new Span<ulong>(ref lot)));
        return lot;
    }

    // HTTP methods are case-sensitive.
    private static VisitMethod MethodOf(string method) =>
        method switch
        {
            "GET" => VisitMethod.Get,
            "HEAD" => VisitMethod.Head,
            "POST" or "PUT" or "PATCH" or "DELETE" => VisitMethod.WithBody,
            _ => VisitMethod.Unknown,
        };

    // https://wicg.github.io/nav-speculation/prefetch.html#sec-purpose-header; the others are older headers. Safari says
    // "preview" when it takes a picture of a page for its start page.
    private static bool IsPrefetch(IHeaderDictionary headers) =>
        Says(headers["Sec-Purpose"], "prefetch")
        || Says(headers["X-Moz"], "prefetch")
        || SaysAhead(headers["Purpose"])
        || SaysAhead(headers["X-Purpose"]);

    private static bool SaysAhead(StringValues value) => Says(value, "prefetch") || Says(value, "preview");

    private static bool Says(StringValues value, string purpose) =>
        value.Count > 0 && value[0] is { } text && text.StartsWith(purpose, StringComparison.OrdinalIgnoreCase);
}
