using Signpost.Core.Statistics;

namespace Signpost.ClickStore;

/// <summary>What a question is about. Whether the caller may ask it is settled before.</summary>
internal enum ScopeKind
{
    Link,
    Project,

    /// <summary>A custom domain.</summary>
    Domain,

    /// <summary>An account's links on the main domain; the id is the account's.</summary>
    MainDomain,

    /// <summary>All links of an account.</summary>
    Account,
}

/// <inheritdoc cref="ScopeKind"/>
internal readonly record struct StatisticsScope(ScopeKind Kind, long Id);

/// <summary>Only clicks with this value; null: only those without one.</summary>
internal readonly record struct ValueFilter(Dimension Dimension, string? Value);

/// <summary>
/// Which clicks are counted. Without a filter on <see cref="Dimension.Kind"/> only persons', except where kinds are what
/// is asked for. Filters reach as far back as raw clicks are kept, unfiltered questions to the first click.
/// </summary>
/// <param name="From">The first second, since 1970-01-01 UTC; a multiple of 900.</param>
/// <param name="To">The first second that no longer counts; a multiple of 900.</param>
internal sealed record StatisticsQuestion(
    StatisticsScope Scope,
    long From,
    long To,
    IReadOnlyList<ValueFilter> Filters
);

/// <summary>A click as it is listed.</summary>
/// <param name="Ordinal">From 1, the link's clicks in the order they were stored; never given twice.</param>
internal readonly record struct ListedClick(long Ordinal, ClickRow Row);

/// <summary>Answers questions about clicks, each from one moment. For SQLite now; other databases follow.</summary>
internal interface IStatistics
{
    /// <summary>Counts by value, the most pageviews first, then by value.</summary>
    Task<IReadOnlyList<ValueCount>> CountByValueAsync(
        StatisticsQuestion question,
        Dimension dimension,
        CancellationToken cancel
    );

    /// <summary>Counts by quarters of an hour that have any, in order.</summary>
    Task<IReadOnlyList<QuarterCount>> CountByTimeAsync(StatisticsQuestion question, CancellationToken cancel);

    /// <summary>Requests of all kinds, newest first.</summary>
    /// <param name="before">Only those with a smaller ordinal.</param>
    Task<IReadOnlyList<ListedClick>> ListAsync(
        StatisticsQuestion question,
        long before,
        int most,
        CancellationToken cancel
    );

    /// <summary>Requests of all kinds, oldest first, of any number: memory stays small. No lock is held between two of them.</summary>
    IAsyncEnumerable<ListedClick> ReadAllAsync(StatisticsQuestion question, CancellationToken cancel);

    /// <summary>The aliases that were asked for and are none of a domain's links, the most requests first.</summary>
    /// <param name="domainId">0: the main domain.</param>
    Task<IReadOnlyList<ValueCount>> CountOrphansAsync(long domainId, long from, long to, CancellationToken cancel);
}
