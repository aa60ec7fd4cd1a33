using System.Text.Json;
using System.Text.Json.Nodes;
using Signpost.Api;
using Signpost.Clicks;
using Signpost.ClickStore;
using Signpost.Core.Statistics;
using Signpost.Statistics.Questions;

namespace Signpost.Statistics.Responses;

/// <summary>Asks a caller's question, and shapes the response.</summary>
internal sealed class StatisticsResponses(IStatistics statistics, Backlog backlog, TimeProvider clock)
{
    // Marks the row of all other values, so that it differs from a value of the same name.
    private const string Other = "other";

    /// <summary>
    /// Returns <c>{"data":[…],"meta":{…}}</c>. <c>meta</c> holds the moment until which clicks are counted. With a comparison
    /// it also holds both totals, and rows have <c>previous</c>.
    /// </summary>
    public async Task<JsonObject> AnswerAsync(
        StatisticsScope scope,
        AskedStatistics asked,
        IReadOnlyList<Warning>? warnings,
        CancellationToken cancel
    )
    {
        var answer = await AnswerAsync(scope, asked, cancel);
        if (warnings is not null)
            answer["meta"]!["warnings"] = JsonSerializer.SerializeToNode(warnings, ApiJson.Options);
        return answer;
    }

    private async Task<JsonObject> AnswerAsync(StatisticsScope scope, AskedStatistics asked, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        // Taken before the clicks are read, which then hold at least everything stored at that moment.
        var asOf = LocalTime.Format(backlog.StoredUntil.ToUnixTimeMilliseconds(), asked.Span!.Value.Zone);
        var span = asked.Span!.Value;
        var question = asked.About(scope, span);
        if (!asked.ComparesPrevious)
            return new()
            {
                ["data"] = await RowsAsync(question, span, null, cancel),
                ["meta"] = new JsonObject { ["as_of"] = asOf },
            };

        var before = asked.About(scope, span.Previous);
        var rows = await RowsAsync(question, span, before, cancel);
        JsonObject answer = new() { ["data"] = rows, ["meta"] = await MetaAsync() };
        if (asked.Type is StatisticsType.Overview)
            answer["previous"] = await RowsAsync(before, span.Previous, null, cancel);
        return answer;

        async Task<JsonArray> RowsAsync(
            StatisticsQuestion about,
            DateSpan days,
            StatisticsQuestion? compared,
            CancellationToken stop
        ) =>
            asked.Type switch
            {
                StatisticsType.Overview => Array(
                    TimeRows
                        .Of(days, await statistics.CountByTimeAsync(about, stop), now, asked.Granularity)
                        .Select(Row)
                ),
                StatisticsType.Hour => await HoursAsync(about, days, compared, false, stop),
                StatisticsType.WeekdayHour => await HoursAsync(about, days, compared, true, stop),
                StatisticsType.Values(var dimension) => await ValuesAsync(
                    one => statistics.CountByValueAsync(one, dimension, stop),
                    about,
                    compared,
                    row => Row(row, dimension)
                ),
                StatisticsType.Tags => await ValuesAsync(
                    one => statistics.CountByTagAsync(one, stop),
                    about,
                    compared,
                    RowOfTag
                ),
                var unknown => throw new System.Diagnostics.UnreachableException($"{unknown}"),
            };

        async Task<JsonArray> HoursAsync(
            StatisticsQuestion about,
            DateSpan days,
            StatisticsQuestion? compared,
            bool tellsWeekdays,
            CancellationToken stop
        )
        {
            var earlier = compared is null ? null : await HoursOfAsync(compared, days, tellsWeekdays, stop);
            return Array(
                (await HoursOfAsync(about, days, tellsWeekdays, stop)).Select(row =>
                    Compared(
                        Row(row, tellsWeekdays),
                        earlier?.FirstOrDefault(one => (one.Weekday, one.Hour) == (row.Weekday, row.Hour)).Count
                    )
                )
            );
        }

        async Task<JsonArray> ValuesAsync(
            Func<StatisticsQuestion, Task<IReadOnlyList<ValueCount>>> count,
            StatisticsQuestion about,
            StatisticsQuestion? compared,
            Func<ValueCount, JsonObject> shape
        )
        {
            var rows = ValueCount.Shorten(await count(about), asked.Limit);
            var earlier = compared is null ? null : Earlier(rows, await count(compared));
            return Array(
                rows.Select(row => Compared(shape(row), earlier?.GetValueOrDefault((row.Value, row.IsOther))))
            );
        }

        async Task<JsonObject> MetaAsync()
        {
            var meta = Total(span, await statistics.CountByTimeAsync(question, cancel));
            meta["as_of"] = asOf;
            meta["previous"] = Total(span.Previous, await statistics.CountByTimeAsync(before, cancel));
            return meta;
        }
    }

    // The row of other values has the earlier counts of all values that have no row.
    private static Dictionary<(string? Value, bool IsOther), Count> Earlier(
        IReadOnlyList<ValueCount> rows,
        IReadOnlyList<ValueCount> before
    )
    {
        var named = rows.Where(row => !row.IsOther).Select(row => (row.Value, false)).ToHashSet();
        Dictionary<(string?, bool), Count> earlier = [];
        foreach (var row in before)
        {
            var key = (row.Value, row.IsOther);
            if (!named.Contains(key))
                key = (null, true);
            earlier[key] = earlier.GetValueOrDefault(key) + row.Count;
        }

        return earlier;
    }

    private async Task<IReadOnlyList<HourRow>> HoursOfAsync(
        StatisticsQuestion about,
        DateSpan days,
        bool tellsWeekdays,
        CancellationToken cancel
    ) => HourRow.Of(await statistics.CountByTimeAsync(about, cancel), days.Zone, tellsWeekdays);

    private static JsonObject Row(TimeRow row)
    {
        var shaped = Shape(row.Count);
        shaped["formatted_date"] = row.Label;
        return shaped;
    }

    private static JsonObject Row(HourRow row, bool tellsWeekdays)
    {
        JsonObject shaped = tellsWeekdays
            ? new()
            {
                ["weekday_hour"] = $"{row.Weekday}-{row.Hour}",
                ["weekday"] = row.Weekday,
                ["hour"] = row.Hour,
            }
            : new() { ["hour"] = row.Hour };
        return With(shaped, row.Count);
    }

    // The parents come first, as in {"country_code":"FR","city_name":"Paris"}. Other values have many parents.
    private static JsonObject Row(ValueCount row, Dimension dimension)
    {
        var parents = Dimensions.ParentsOf(dimension);
        var texts = ValueKey.Split(row.Value, parents.Count);
        JsonObject shaped = [];
        for (var at = 0; at < parents.Count; at++)
            shaped[parents[at].Name] = texts[at + 1];
        return WithValue(shaped, dimension.Name, texts[0], row);
    }

    private static JsonObject RowOfTag(ValueCount row) => WithValue([], StatisticsType.Tag, row.Value, row);

    private static JsonObject WithValue(JsonObject shaped, string name, string? value, ValueCount row)
    {
        shaped[name] = row.IsOther ? Other : value;
        With(shaped, row.Count);
        if (row.IsOther)
            shaped["is_other"] = true;
        return shaped;
    }

    private static JsonObject Compared(JsonObject row, Count? earlier)
    {
        if (earlier is { } count)
            row["previous"] = Shape(count);
        return row;
    }

    private static JsonObject Total(DateSpan span, IReadOnlyList<QuarterCount> quarters) =>
        With(
            new() { ["start_date"] = DateSpan.Write(span.Start), ["end_date"] = DateSpan.Write(span.End) },
            quarters.Aggregate(default(Count), (sum, quarter) => sum + quarter.Count)
        );

    private static JsonObject Shape(Count count) => With([], count);

    private static JsonObject With(JsonObject row, Count count)
    {
        row["pageviews"] = count.Pageviews;
        row["visitors"] = count.Visitors;
        return row;
    }

    private static JsonArray Array(IEnumerable<JsonObject> rows) => [.. rows];
}
