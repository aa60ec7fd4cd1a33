using Signpost.Api;
using Signpost.Api.Bodies;
using Signpost.ClickStore;
using Signpost.Core.Statistics;

namespace Signpost.Statistics.Questions;

/// <summary>A question about clicks as a request asks it, without its scope.</summary>
internal sealed record AskedStatistics
{
    public const int MostRows = 1_000;
    private const int LongestValue = 8_192;
    private const string Nothing = "null";

    public StatisticsType Type { get; private init; } = StatisticsType.Default;

    /// <summary>The days; null: all days.</summary>
    public DateSpan? Span { get; private init; }

    public IReadOnlyList<ValueFilter> Filters { get; private init; } = [];
    public int Limit { get; private init; } = MostRows;
    public bool ComparesPrevious { get; private init; }

    /// <summary>Reads a question with its type and days. Errors go to the reader.</summary>
    public static AskedStatistics Read(FieldReader read, TimeZoneInfo zone, DateOnly today)
    {
        var type = read.OneOf("type", [.. StatisticsType.Names]).Value;
        var limit = read.Number("limit", number => number is >= 1 and <= MostRows ? null : "must be 1 to 1000");
        return new()
        {
            Type = type is null ? StatisticsType.Default : StatisticsType.Named(type),
            Span = ReadSpan(read, zone, today),
            Filters = ReadFilters(read, canWarn: true),
            Limit = (int)(limit.Value ?? MostRows),
            ComparesPrevious = read.OneOf("compare", "previous").Value is not null,
        };
    }

    /// <summary>Reads the filters and the days; all days if the request names none.</summary>
    /// <param name="canWarn">False: the response has no place for warnings, so a value that no click can have is an error.</param>
    public static AskedStatistics ReadClicks(FieldReader read, TimeZoneInfo zone, DateOnly today, bool canWarn) =>
        new() { Span = ReadSpan(read, zone, today, isOptional: true), Filters = ReadFilters(read, canWarn) };

    /// <summary>The question for the seconds of <paramref name="span"/>; null: all. Clicks may lie in the future if a clock was wrong.</summary>
    public StatisticsQuestion About(StatisticsScope scope, DateSpan? span) =>
        new(scope, span?.From ?? 0, span?.To ?? DateSpan.EndOfTime, Filters);

    private static DateSpan? ReadSpan(FieldReader read, TimeZoneInfo zone, DateOnly today, bool isOptional = false)
    {
        var start = ReadDate(read, "start_date");
        var end = ReadDate(read, "end_date");
        if (isOptional && start.Value is null && end.Value is null)
            return null;

        var last = end.Value ?? (isOptional && start.Value > today ? start.Value.Value : today);
        var first = start.Value ?? (isOptional ? new(1970, 1, 1) : last.AddDays(1 - DateSpan.UsualDays));
        var span = new DateSpan(first, last, zone);
        if (first > last)
            read.Add("start_date must not be after end_date.", start.As ?? end.As!);
        else if (!isOptional && span.Days > DateSpan.MostDays)
            read.Add($"The range must be at most {DateSpan.MostDays} days.", start.As ?? end.As!);
        return span;
    }

    private static Optional<DateOnly?> ReadDate(FieldReader read, string name)
    {
        DateOnly date = default;
        var sent = read.Read(
            name,
            TextRules.Line,
            text => DateSpan.TryParse(text, out date) ? null : DateSpan.Expected
        );
        return new(sent.As, sent.Value is null ? null : date);
    }

    private static List<ValueFilter> ReadFilters(FieldReader read, bool canWarn)
    {
        List<ValueFilter> filters = [];
        foreach (var dimension in DimensionNames.All)
            if (ReadFilter(read, dimension, canWarn) is { } filter)
                filters.Add(filter);
        return filters;
    }

    // An empty filter is no filter, as everywhere; the text "null" asks for clicks without a value.
    private static ValueFilter? ReadFilter(FieldReader read, Dimension dimension, bool canWarn)
    {
        var sent = read.Verbatim(dimension.Name, TextRules.Line);
        if (string.IsNullOrWhiteSpace(sent.Value))
            return null;
        if (sent.Value is Nothing && !dimension.IsNeverEmpty)
            return new(dimension, null);
        if (dimension.Spell(sent.Value) is { } value && value.Length <= LongestValue)
            return new(dimension, value);
        if (canWarn && dimension.IsWellFormed(sent.Value))
        {
            read.Warn($"{dimension.Name} {dimension.Expected}. No click has \"{sent.Value}\".", sent.As);
            return new(dimension, sent.Value);
        }

        read.Add(
            sent.Value.Length > LongestValue
                ? $"{dimension.Name} must be at most {LongestValue} characters."
                : $"{dimension.Name} {dimension.Expected}.",
            sent.As!
        );
        return null;
    }
}
