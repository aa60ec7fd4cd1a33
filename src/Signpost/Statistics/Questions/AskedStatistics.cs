using Signpost.Api;
using Signpost.Api.Bodies;
using Signpost.ClickStore;
using Signpost.Core.Statistics;
using Signpost.Storage;

namespace Signpost.Statistics.Questions;

/// <summary>The spans of time by which an overview counts.</summary>
internal enum Granularity
{
    Hour,
    Day,

    /// <summary>From Monday on, cut at the ends of the range.</summary>
    Week,
    Month,
}

/// <summary>A question about clicks as a request asks it, without its scope.</summary>
internal sealed record AskedStatistics
{
    public const int MostRows = 1_000;

    /// <summary>The longest range that can be counted by hours.</summary>
    public const int MostDaysByHour = 31;

    /// <summary>The names of <see cref="Granularity"/>.</summary>
    public static readonly string[] Granularities = ["hour", "day", "week", "month"];

    private const int LongestValue = 8_192;
    private const int MostValues = 100;

    /// <summary>The text that asks for clicks without a value.</summary>
    public const string Nothing = "null";

    private const string Not = "not_";

    public StatisticsType Type { get; private init; } = StatisticsType.Default;

    /// <summary>The days; null: all days.</summary>
    public DateSpan? Span { get; private init; }

    public IReadOnlyList<ValueFilter> Filters { get; private init; } = [];
    public IReadOnlyList<TagFilter> Tags { get; private init; } = [];
    public int Limit { get; private init; } = MostRows;
    public bool ComparesPrevious { get; private init; }

    /// <summary>Null: depending on the range.</summary>
    public Granularity? Granularity { get; private init; }

    /// <summary>Reads a question with its type and days. Errors go to the reader.</summary>
    public static AskedStatistics Read(FieldReader read, TimeZoneInfo zone, DateOnly today)
    {
        var type = read.OneOf("type", [.. StatisticsType.Names]).Value;
        var limit = read.Number("limit", number => number is >= 1 and <= MostRows ? null : "must be 1 to 1000");
        var span = ReadSpan(read, zone, today);
        return new()
        {
            Type = type is null ? StatisticsType.Default : StatisticsType.Named(type),
            Span = span,
            Granularity = ReadGranularity(read, span!.Value),
            Filters = ReadFilters(read, canWarn: true),
            Tags = read.FilterTags(),
            Limit = (int)(limit.Value ?? MostRows),
            ComparesPrevious = read.OneOf("compare", "previous").Value is not null,
        };
    }

    /// <summary>Reads the filters and the days; all days if the request names none.</summary>
    /// <param name="canWarn">False: the response has no place for warnings, so a value that no click can have is an error.</param>
    public static AskedStatistics ReadClicks(FieldReader read, TimeZoneInfo zone, DateOnly today, bool canWarn) =>
        new()
        {
            Span = ReadSpan(read, zone, today, isOptional: true),
            Filters = ReadFilters(read, canWarn),
            Tags = read.FilterTags(),
        };

    /// <summary>The question for the seconds of <paramref name="span"/>; null: all. Clicks may lie in the future if a clock was wrong.</summary>
    public StatisticsQuestion About(StatisticsScope scope, DateSpan? span) =>
        new(scope, span?.From ?? 0, span?.To ?? DateSpan.EndOfTime, Filters) { Tags = Tags };

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

    private static Granularity? ReadGranularity(FieldReader read, DateSpan span)
    {
        var sent = read.OneOf("granularity", Granularities);
        if (sent.Value is not { } name)
            return null;
        var granularity = (Granularity)Array.IndexOf(Granularities, name);
        if (granularity is Questions.Granularity.Hour && span.Days > MostDaysByHour)
            read.Add($"granularity can be hour for at most {MostDaysByHour} days.", sent.As!);
        return granularity;
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
        foreach (var name in (string[])[dimension.Name, NotNameOf(dimension)])
            if (ReadValues(read, dimension, name, canWarn) is [_, ..] values)
                filters.Add(new(dimension, values, IsExcluding: name != dimension.Name));
        return filters;
    }

    /// <summary>The name of the filter for clicks that have none of some values.</summary>
    public static string NotNameOf(Dimension dimension) => Not + dimension.Name;

    private static List<string?> ReadValues(FieldReader read, Dimension dimension, string name, bool canWarn)
    {
        var sent = read.List(name);
        if (sent.Value is { Count: > MostValues })
            read.Add($"{name} must be at most {MostValues} values.", sent.As!);
        List<string?> values = [];
        foreach (var item in (sent.Value ?? []).Take(MostValues))
            // An empty filter is no filter, as everywhere.
            if (!string.IsNullOrWhiteSpace(item.Text))
                ReadValue(read, dimension, name, item, canWarn, values);
        return values;
    }

    // The text "null" asks for clicks without a value.
    private static void ReadValue(
        FieldReader read,
        Dimension dimension,
        string name,
        FieldReader.Item sent,
        bool canWarn,
        List<string?> values
    )
    {
        var text = sent.Text!;
        if (text is Nothing && !dimension.IsNeverEmpty)
        {
            values.Add(null);
        }
        else if (dimension.Spell(text) is { } value && value.Length <= LongestValue)
        {
            values.Add(value);
        }
        else if (canWarn && dimension.IsWellFormed(text))
        {
            read.Warn($"{name} {dimension.Expected}. No click has \"{text}\".", sent.As);
            values.Add(text);
        }
        else
        {
            read.Add(
                text.Length > LongestValue
                    ? $"{name} must be at most {LongestValue} characters."
                    : $"{name} {dimension.Expected}.",
                sent.As
            );
        }
    }
}
