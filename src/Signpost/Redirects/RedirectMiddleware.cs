using System.Data.Common;
using System.Runtime.CompilerServices;
using Signpost.Addressing;
using Signpost.Clicks;
using Signpost.Core.Clicks;
using Signpost.Core.Links;
using Signpost.Core.Redirecting;
using Signpost.Hosting;
using Signpost.Web;
using Signpost.Web.Notices;

namespace Signpost.Redirects;

/// <summary>
/// Handles a request first: a known link gets its response here, on the socket's thread, without waiting. Everything else
/// leaves that thread first.
/// </summary>
internal sealed class RedirectMiddleware(
    RequestDelegate next,
    PlanCache plans,
    PlanFinder finder,
    CaseRules rules,
    DomainDirectory domains,
    VisitReader visits,
    LinkVisits links,
    ClickRecorder clicks,
    MissLimiter misses,
    Responder responder,
    TimeProvider clock,
    FaultLog faults
)
{
    private static AskedDomain MainDomain => default;

    // The buffer is written before it is read; clearing it first would cost more than the look-up.
    [SkipLocalsInit]
    public Task InvokeAsync(HttpContext http)
    {
        if (domains.Find(http) is { } domain)
            return InvokeOnAsync(domain, http);

        Span<char> buffer = stackalloc char[Alias.LongestText];
        var path = http.Request.Path.Value;
        if (path is not { Length: > 1 })
            return PassOnAsync(http);
        var rule = rules.Of(MainDomain.Id);
        if (!Alias.TryGetKey(path.AsSpan(1), rule.Case, buffer, out var key))
            return PassOnUntidyAsync(http);
        if (!rule.IsChanging && plans.TryGet(new(MainDomain.Id, key), out var plan))
            return plan is null ? AnswerMissAsync(http, MainDomain, key) : AnswerAsync(http, MainDomain, plan);
        if (ReservedAliases.Contains(FirstSegment(key)))
            return PassOnAsync(http);

        return LoadAsync(http, MainDomain, key.ToString());
    }

    // A custom domain serves its links, and of the server's own addresses only those that every domain has.
    [SkipLocalsInit]
    private Task InvokeOnAsync(ServedDomain domain, HttpContext http)
    {
        Span<char> buffer = stackalloc char[Alias.LongestText];
        var path = http.Request.Path.Value;
        if (path is not { Length: > 1 })
            return responder.WriteIndexAsync(http, domain);
        var rule = rules.Of(domain.Id);
        if (!Alias.TryGetKey(path.AsSpan(1), rule.Case, buffer, out var key))
            return AnswerUntidyAsync(http, domain.Asked);
        if (!rule.IsChanging && plans.TryGet(new(domain.Id, key), out var plan))
            return plan is null ? AnswerMissAsync(http, domain.Asked, key) : AnswerAsync(http, domain.Asked, plan);

        if (ReservedAliases.IsPassedOn(key))
            return PassOnAsync(http);
        // An alias of the main domain must not look up the server's own addresses: they would be kept as unknown.
        if (ReservedAliases.IsOn(domain.Id, key))
            return responder.WriteNotFoundAsync(http);
        return LoadAsync(http, domain.Asked, key.ToString());
    }

    private static ReadOnlySpan<char> FirstSegment(ReadOnlySpan<char> key) =>
        key.IndexOf('/') is >= 0 and var end ? key[..end] : key;

    private async Task PassOnAsync(HttpContext http)
    {
        await SocketThread.Leave();
        await next(http);
    }

    private Task PassOnAsync(HttpContext http, string path)
    {
        http.Request.Path = path;
        return PassOnAsync(http);
    }

    private async Task LoadAsync(HttpContext http, AskedDomain domain, string alias)
    {
        await SocketThread.Leave();
        LinkPlan? plan;
        try
        {
            plan = await finder.FindAsync(domain.Id, http.Request.Path.Value![1..], http.RequestAborted);
        }
        catch (DbException error)
        {
            await AnswerUnavailableAsync(http, domain, alias, error);
            return;
        }
        await (plan is null ? AnswerMissAsync(http, domain, alias) : AnswerAsync(http, domain, plan));
    }

    private Task AnswerAsync(HttpContext http, AskedDomain domain, LinkPlan plan) =>
        visits.TryRead(http, plan, out var visit)
            ? AnswerAsync(http, domain, plan, visit)
            : AnswerUnseenAsync(http, domain, plan);

    // Reading a new agent takes too long for this thread.
    private async Task AnswerUnseenAsync(HttpContext http, AskedDomain domain, LinkPlan plan) =>
        await AnswerAsync(http, domain, plan, await visits.ReadAsync(http, plan));

    private Task AnswerAsync(HttpContext http, AskedDomain domain, LinkPlan plan, in Visit visit) =>
        links.AnswerAsync(http, domain, plan, links.Complete(http, plan, visit));

    // A path that was copied with its surroundings is looked up once more without them.
    private Task AnswerMissAsync(HttpContext http, AskedDomain domain, ReadOnlySpan<char> key) =>
        key is ReservedAliases.AppFile && domain != MainDomain ? PassOnAsync(http, ReservedAliases.AppFilePath)
        : AliasPath.TryTidy(http.Request.Path.Value.AsSpan(1), out _, out _)
            ? AnswerMissTidyAsync(http, domain, key.ToString())
        : AnswerUnknownAsync(http, domain, key);

    private async Task AnswerMissTidyAsync(HttpContext http, AskedDomain domain, string alias)
    {
        if (!await TryAnswerTidyAsync(http, domain, alias))
            await AnswerUnknownAsync(http, domain, alias);
    }

    // The same for a path that no alias can have.
    private async Task PassOnUntidyAsync(HttpContext http)
    {
        if (!await TryAnswerTidyAsync(http, MainDomain, null))
            await PassOnAsync(http);
    }

    private async Task AnswerUntidyAsync(HttpContext http, AskedDomain domain)
    {
        if (!await TryAnswerTidyAsync(http, domain, null))
            await responder.WriteNotFoundAsync(http);
    }

    // The visitor gets the response in place. False: no other alias can have been meant.
    private async Task<bool> TryAnswerTidyAsync(HttpContext http, AskedDomain domain, string? missed)
    {
        if (
            !AliasPath.TryTidy(http.Request.Path.Value.AsSpan(1), out var tidy, out var query)
            || KeyOf(domain.Id, tidy) is not { } alias
            || ReservedAliases.IsOn(domain.Id, alias)
        )
            return false;

        await SocketThread.Leave();
        try
        {
            var plan = await finder.FindAsync(domain.Id, tidy, http.RequestAborted);
            if (plan is not null)
                Tidy(http.Request, tidy, query);
            await (plan is null ? AnswerUnknownAsync(http, domain, missed ?? alias) : AnswerAsync(http, domain, plan));
        }
        catch (DbException error)
        {
            await AnswerUnavailableAsync(http, domain, alias, error);
        }

        return true;
    }

    // Forms of the page then lead to the right address.
    private static void Tidy(HttpRequest request, string path, string query)
    {
        request.Path = "/" + path;
        if (query is "")
            return;

        var own = request.QueryString is { HasValue: true, Value: { } sent } ? "&" + sent[1..] : "";
        request.QueryString = new($"?{DestinationBuilder.Escaped(query)}{own}");
    }

    private string? KeyOf(long domainId, string path)
    {
        Span<char> buffer = stackalloc char[Alias.LongestText];
        return Alias.TryGetKey(path, rules.Of(domainId).Case, buffer, out var key) ? key.ToString() : null;
    }

    private Task AnswerUnavailableAsync(HttpContext http, AskedDomain domain, string alias, DbException error)
    {
        faults.Add("The reading of a link from the database", error);
        TryRecord(ClickKind.Unavailable, StatusCodes.Status503ServiceUnavailable, domain, alias, out _);
        return responder.WritePageAsync(http, VisitorPage.Busy);
    }

    private Task AnswerUnknownAsync(HttpContext http, AskedDomain domain, ReadOnlySpan<char> key)
    {
        if (misses.Take(http.Connection.RemoteIpAddress) is { Ticks: > 0 } wait)
            return responder.WriteTooManyAsync(http, wait);

        if (!TryRecord(ClickKind.UnknownLink, responder.NotFoundStatus(http), domain, key, out var recorded))
            return clicks.MustRefuse
                ? responder.WritePageAsync(http, VisitorPage.Busy)
                : responder.WriteNotFoundAsync(http);

        return clicks.IsDurableAtOnce ? responder.WriteNotFoundAsync(http) : AnswerUnknownDurablyAsync(http, recorded);
    }

    // For an unknown alias, or without a database, only the alias is recorded.
    private bool TryRecord(
        ClickKind kind,
        int status,
        AskedDomain domain,
        ReadOnlySpan<char> key,
        out RecordedClick recorded
    )
    {
        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        var click = new Click(LinkId: 0, LinkVersion: 0, now, kind, (short)status);
        return clicks.TryRecord(
            click,
            consumed: false,
            new ClickFacts
            {
                DomainId = domain.Id,
                HostId = domain.HostId,
                Alias = key,
            },
            out recorded
        );
    }

    private async Task AnswerUnknownDurablyAsync(HttpContext http, RecordedClick recorded) =>
        await (
            await clicks.DurableAsync(recorded)
                ? responder.WriteNotFoundAsync(http)
                : responder.WritePageAsync(http, VisitorPage.Busy)
        );
}
