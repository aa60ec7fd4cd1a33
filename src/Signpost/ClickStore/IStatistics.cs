using Signpost.Core.Statistics;
using Signpost.Hosting;
using Signpost.Storage;

namespace Signpost.ClickStore;

/// <summary>The scope of a question. The caller's right to ask is checked before.</summary>
internal enum ScopeKind
{
    Link,
    Project,

    /// <summary>A custom domain, with the links of its own account only.</summary>
    Domain,

    /// <summary>An account's links on the main domain; the id is the account's.</summary>
    MainDomain,

    /// <summary>An account's links on domains of other accounts; the id is the account's.</summary>
    Guest,

    /// <summary>All links of an account.</summary>
    Account,
}

/// <inheritdoc cref="ScopeKind"/>
internal readonly record struct StatisticsScope(ScopeKind Kind, long Id);

/// <summary>
/// The clicks to count. Without a filter on <see cref="Dimension.Kind"/> only clicks of persons count, unless the question
/// groups by kind. With filters it reaches as far back as raw clicks are kept, without them to the first click.
/// </summary>
/// <param name="From">The first second, since 1970-01-01 UTC; a multiple of 900.</param>
/// <param name="To">The first second after the span; a multiple of 900.</param>
internal sealed record StatisticsQuestion(StatisticsScope Scope, long From, long To, IReadOnlyList<ValueFilter> Filters)
{
    public IReadOnlyList<TagFilter> Tags { get; init; } = [];
}

/// <summary>One of several counts: by the values of a dimension; null: by quarters of an hour.</summary>
/// <param name="IsOptional">It is left out if the time is over before it is counted. Put such counts last.</param>
internal readonly record struct CountedBy(StatisticsQuestion Question, Dimension? Dimension, bool IsOptional = false);

/// <summary>The result of a count: the quarters that have clicks in order, or the values as rows in order.</summary>
internal readonly record struct Counted(IReadOnlyList<QuarterCount> Quarters, IReadOnlyList<ValueCount> Values)
{
    /// <summary>A count that was left out.</summary>
    public static readonly Counted Missing = new([], []) { IsMissing = true };

    /// <summary>The time was over, so nothing is known.</summary>
    public bool IsMissing { get; private init; }
}

/// <summary>A click as it is listed.</summary>
/// <param name="Ordinal">The number of the click among its link's, in the order of storing, from 1; never used twice.</param>
internal readonly record struct ListedClick(long Ordinal, ClickRow Row);

/// <summary>The requests for an unknown alias.</summary>
/// <param name="Alias">Its key; null: the sum of other aliases.</param>
/// <param name="LastDay">The last day with a request, in UTC days since 1970-01-01.</param>
internal readonly record struct OrphanCount(string? Alias, long Requests, int LastDay);

/// <summary>Answers questions about clicks, each from one moment. SQLite is the only database now; others follow.</summary>
internal interface IStatistics
{
    /// <summary>Counts by value and its parents, the most pageviews first, then by value.</summary>
    Task<IReadOnlyList<ValueCount>> CountByValueAsync(
        StatisticsQuestion question,
        Dimension dimension,
        CancellationToken cancel
    );

    /// <summary>
    /// Counts by the tags that links have now: a click counts for each tag of its link. It reaches as far back as raw clicks are kept.
    /// </summary>
    Task<IReadOnlyList<ValueCount>> CountByTagAsync(StatisticsQuestion question, CancellationToken cancel);

    /// <summary>Counts by quarters of an hour that have clicks, in order.</summary>
    Task<IReadOnlyList<QuarterCount>> CountByTimeAsync(StatisticsQuestion question, CancellationToken cancel);

    /// <summary>Counts several things, all from one moment, in their order. Counts of one question share the look at its rollups.</summary>
    /// <exception cref="TooBusyException">The time was over before a count was made that is not optional.</exception>
    Task<IReadOnlyList<Counted>> CountEachAsync(IReadOnlyList<CountedBy> counts, CancellationToken cancel);

    /// <summary>Requests of all kinds, newest first.</summary>
    /// <param name="before">Only clicks with a smaller ordinal.</param>
    Task<IReadOnlyList<ListedClick>> ListAsync(
        StatisticsQuestion question,
        long before,
        int most,
        CancellationToken cancel
    );

    /// <summary>All requests of all kinds, oldest first. Memory stays small for any number. No lock is held between two of them.</summary>
    /// <param name="mayRefuse">False: a response has begun, and is not cut off because of other questions.</param>
    IAsyncEnumerable<ListedClick> ReadAllAsync(StatisticsQuestion question, bool mayRefuse, CancellationToken cancel);

    /// <summary>The unknown aliases that were requested on a domain, most requests first.</summary>
    /// <param name="domainId">0: the main domain.</param>
    /// <param name="most">The number of aliases; a last row without alias is the sum of all others.</param>
    Task<IReadOnlyList<OrphanCount>> CountOrphansAsync(
        long domainId,
        long from,
        long to,
        int most,
        CancellationToken cancel
    );
}
