using System.Text.Json.Serialization;
using Signpost.Api;
using Signpost.ClickStore;
using Signpost.Core.Statistics;
using Signpost.Statistics.Questions;

namespace Signpost.Statistics.Responses;

/// <summary>The requests for an unknown alias.</summary>
/// <param name="Url">The alias as it is compared; null: all aliases beyond the number that a domain and day keep.</param>
internal sealed record OrphanResponse(
    string? Url,
    long Pageviews,
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

/// <summary>Asks for the requests for unknown aliases.</summary>
internal sealed class OrphanResponses(IStatistics statistics)
{
    /// <param name="domainId">0: the main domain.</param>
    /// <param name="asked">The UTC days, and the number of rows.</param>
    public async Task<OrphanListResponse> AnswerAsync(long domainId, AskedStatistics asked, CancellationToken cancel)
    {
        var question = asked.About(new(ScopeKind.Domain, domainId), asked.Span);
        var counts = await statistics.CountOrphansAsync(domainId, question.From, question.To, cancel);
        return new([
            .. ValueCount
                .Shorten(counts, asked.Limit)
                .Select(row => new OrphanResponse(row.IsOther ? null : row.Value, row.Count.Pageviews, row.IsOther)),
        ]);
    }
}
