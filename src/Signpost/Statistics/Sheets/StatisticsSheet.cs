using Signpost.Core.Statistics;
using Signpost.Statistics.Questions;
using Signpost.Statistics.Responses;

namespace Signpost.Statistics.Sheets;

/// <summary>The links of a sheet: one link, a project, a domain (0: the main domain), or all links if nothing is set.</summary>
internal readonly record struct SheetScope(long? LinkId, long? ProjectId, long? DomainId);

/// <summary>The question of a sheet.</summary>
/// <param name="Asked">The days and the filters, as the API reads them.</param>
/// <param name="EarlierDays">The shift to the days to compare with; 0: no comparison.</param>
/// <param name="Dimensions">The tables of the sheet.</param>
internal sealed record SheetQuestion(
    SheetScope Scope,
    AskedStatistics Asked,
    int EarlierDays,
    IReadOnlyCollection<Dimension> Dimensions
)
{
    /// <summary>Variants are counted from this second on; null: they are not.</summary>
    public long? VariantsFrom { get; init; }

    /// <summary>Links of the caller whose clicks are counted by time, besides; few.</summary>
    public IReadOnlyList<long> Links { get; init; } = [];

    public DateSpan Span => Asked.Span!.Value;

    /// <summary>The days to compare with.</summary>
    public DateSpan Earlier =>
        Span with
        {
            Start = Span.Start.AddDays(-EarlierDays),
            End = Span.End.AddDays(-EarlierDays),
        };
}

/// <summary>All numbers of a page with statistics, from one moment.</summary>
internal sealed record StatisticsSheet
{
    /// <summary>Each hour, day, week or month that has begun.</summary>
    public required IReadOnlyList<TimeRow> Times { get; init; }

    public required Count Total { get; init; }

    /// <summary>The counts of the days to compare with; null: there is no comparison.</summary>
    public Count? Earlier { get; init; }

    /// <summary>The days to compare with have too many clicks, so there is no comparison.</summary>
    public bool IsEarlierTooLarge { get; init; }

    /// <summary>The first second after the counts to compare with.</summary>
    public long EarlierTo { get; init; }

    /// <summary>The days that have begun.</summary>
    public required int Days { get; init; }

    /// <summary>The day with the most clicks, the first of equals; null: there are none.</summary>
    public (DateOnly Day, Count Count)? BestDay { get; init; }

    /// <summary>The hours of the day that have clicks, most clicks first.</summary>
    public required IReadOnlyList<HourRow> Hours { get; init; }

    /// <summary>The hours of the week that have clicks, most clicks first.</summary>
    public required IReadOnlyList<HourRow> WeekHours { get; init; }

    /// <summary>The requests of every kind. They add up to all requests that were answered.</summary>
    public required IReadOnlyList<ValueCount> Kinds { get; init; }

    public required IReadOnlyDictionary<Dimension, IReadOnlyList<ValueCount>> Tables { get; init; }

    /// <summary>The clicks by variant, from <see cref="SheetQuestion.VariantsFrom"/> on.</summary>
    public IReadOnlyList<ValueCount> Variants { get; init; } = [];

    /// <summary>The clicks by time of each of <see cref="SheetQuestion.Links"/>; null: there are too many.</summary>
    public IReadOnlyList<IReadOnlyList<TimeRow>>? Links { get; init; } = [];

    /// <summary>The question is too large, so nothing is counted.</summary>
    public bool IsTooLarge { get; init; }

    /// <summary>All clicks before this moment are counted.</summary>
    public required DateTimeOffset AsOf { get; init; }
}
