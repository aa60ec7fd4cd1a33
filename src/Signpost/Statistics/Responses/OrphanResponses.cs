using System.Text.Json.Serialization;
using Signpost.Api;
using Signpost.Api.Bodies;
using Signpost.Api.Callers;
using Signpost.Api.Edits;
using Signpost.ClickStore;
using Signpost.Statistics.Questions;

namespace Signpost.Statistics.Responses;

/// <summary>The requests for an unknown alias.</summary>
/// <param name="Url">The alias as it is compared; null: all aliases beyond the number that a domain and day keep.</param>
/// <param name="LastDate">The last day with a request, a UTC day.</param>
internal sealed record OrphanResponse(
    string? Url,
    long Pageviews,
    string LastDate,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool IsOther = false
);

/// <summary>Unknown aliases, the most requested first.</summary>
/// <param name="Meta">Absent if there are no warnings.</param>
internal sealed record OrphanListResponse(
    IReadOnlyList<OrphanResponse> Data,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] OrphanMeta? Meta = null
);

/// <summary>Parameters that were ignored.</summary>
internal sealed record OrphanMeta(IReadOnlyList<Warning> Warnings);

/// <summary>A question about unknown aliases.</summary>
/// <param name="DomainId">0: the main domain; null: the question names none.</param>
/// <param name="Asked">The UTC days, and the number of rows.</param>
internal sealed record AskedOrphans(long? DomainId, AskedStatistics Asked);

/// <summary>Asks for the requests for unknown aliases.</summary>
internal sealed class OrphanResponses(IStatistics statistics, ScopeFinder scopes, TimeProvider clock)
{
    /// <summary>Reads a question. Errors go to the reader.</summary>
    public AskedOrphans Read(FieldReader read)
    {
        // Requests for unknown aliases are stored by UTC day.
        var today = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);
        var asked = AskedStatistics.Read(read, TimeZoneInfo.Utc, today);
        return new(read.Number("domain_id", _ => null).Value, asked);
    }

    /// <summary>The reason why a caller may not ask about a domain; null: the caller may.</summary>
    /// <param name="domainId">0: the main domain.</param>
    public async Task<Refusal?> RefusalAsync(Caller caller, long domainId, CancellationToken cancel)
    {
        // On the main domain they belong to no account, so only admins may see them.
        if (domainId == 0)
            return caller.May(Scopes.Admin) ? null : new Refusal.Forbidden();
        return await scopes.OfAsync(caller, null, domainId, cancel) is null ? new Refusal.Missing() : null;
    }

    public async Task<OrphanListResponse> AnswerAsync(long domainId, AskedStatistics asked, CancellationToken cancel)
    {
        var question = asked.About(new(ScopeKind.Domain, domainId), asked.Span);
        var counts = await statistics.CountOrphansAsync(domainId, question.From, question.To, asked.Limit, cancel);
        return new([
            .. counts.Select(count => new OrphanResponse(
                count.Alias,
                count.Requests,
                DateSpan.Write(DateOnly.FromDateTime(DateTime.UnixEpoch).AddDays(count.LastDay)),
                count.Alias is null
            )),
        ]);
    }
}
