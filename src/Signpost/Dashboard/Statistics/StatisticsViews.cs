using Signpost.Addressing;
using Signpost.Core.Statistics;
using Signpost.Dashboard.Explaining;
using Signpost.Statistics.Questions;
using Signpost.Statistics.Responses;
using Signpost.Statistics.Sheets;
using Signpost.Storage;
using Signpost.Web.Components;
using Signpost.Web.Languages;
using static Signpost.Dashboard.Statistics.StatisticsBody;

namespace Signpost.Dashboard.Statistics;

/// <summary>Says the numbers of a sheet in the language of a page.</summary>
internal sealed class StatisticsViews(PublicAddress publicAddress, TimeProvider clock)
{
    /// <summary>The rows of a card.</summary>
    private const int MostRows = 8;

    /// <summary>A line through fewer clicks than this would look like a trend.</summary>
    private const int FewClicks = 30;

    public StatisticsView Of(AskedPage asked, StatisticsSheet sheet, PageTexts texts)
    {
        var (address, question) = (asked.Address, asked.Question);
        var span = question.Span;
        ValueNames names = new(texts);
        TableLinks links = new(publicAddress.Url, address, question);
        var cards = StatisticsWords.Cards.Select(card => CardOf(card, asked, sheet, names, links, texts));
        return new()
        {
            Address = address,
            Errors =
            [
                .. asked.Errors.Select(error => (error, (string?)null)),
                .. sheet.IsTooLarge ? [(TooLarge(texts.All), "stats-from")] : Array.Empty<(string, string?)>(),
            ],
            Period = StatisticsWords.PeriodOf(address),
            Dates = (DateSpan.Write(span.Start), DateSpan.Write(span.End)),
            Range = RangeOf(span.Start, span.End, texts.All),
            Comparison = StatisticsWords.ComparisonOf(address),
            Granularity = NameOf(question.Asked.Granularity ?? TimeRows.UsualOf(span)),
            Granularities = [.. AskedStatistics.Granularities.Where(one => Allows(span, one))],
            Chips = FilterChips.Of(address, names, texts),
            Picker = FilterPickers.Of(address, names, texts),
            Clicks = links.Clicks(sheet.Total.Pageviews),
            Totals = TotalCards.Of(question, sheet, texts),
            Times = TimesOf(question, sheet, address, links, texts),
            Requests = RequestsOf(sheet, address, names, links),
            Cards = asked.Shown is null ? [.. cards] : [],
            Heat = HeatOf(sheet, links, texts),
            Shown = asked.Shown is { } shown ? ShownOf(shown, address, sheet, names, links) : null,
            Empty =
                sheet.IsTooLarge ? "long"
                : sheet.Kinds is not [] ? null
                : StatisticsWords.Filters.Any(name => address[name] is not "") ? "filters"
                : "period",
            Live =
                asked.Today >= span.Start && asked.Today <= span.End
                    ? $"/dashboard/statistics/live/{ScopeWords.Of(question.Scope)}"
                    : null,
            IsUnfinished = asked.Today >= span.Start && asked.Today <= span.End,
            IsEarlierTooLarge = sheet.IsEarlierTooLarge,
        };
    }

    /// <summary>Says that a question is too large.</summary>
    public static string TooLarge(IReadOnlyDictionary<string, string> texts) =>
        $"{texts["stats.empty.long"]}. {texts["stats.problem.long"]}";

    /// <summary>The table of tags, which fills a page.</summary>
    public TableCard TagsOf(AskedPage asked, IReadOnlyList<ValueCount> rows, PageTexts texts)
    {
        var total = Math.Max(1, rows.Sum(row => row.Count.Pageviews));
        var page = asked.Address.With((StatisticsWords.Show, null));
        StatisticsAddress address = new(asked.Address.Path, asked.Address.Except(StatisticsWords.Show));
        return new(
            TagFilter.Name,
            texts["stats.tags"],
            [],
            [
                .. ValueCount
                    .Shorten(rows, AskedStatistics.MostRows)
                    .OrderBy(row => row.IsOther)
                    .Select(row => new TableRow(
                        row.IsOther ? texts["stats.other"] : row.Value ?? texts["stats.none"],
                        null,
                        row.IsOther ? null : address.Plus((TagFilter.Name, row.Value ?? AskedStatistics.Nothing)),
                        row.Count.Pageviews,
                        row.Count.Visitors,
                        (double)row.Count.Pageviews / total
                    )),
            ],
            page,
            new TableLinks(publicAddress.Url, asked.Address, asked.Question).Of(StatisticsType.Tag)
        );
    }

    /// <summary>Two days as a range; one if they are the same.</summary>
    public static string RangeOf(DateOnly start, DateOnly end, IReadOnlyDictionary<string, string> texts) =>
        start == end ? Shown.Date(start, texts) : $"{Shown.Date(start, texts)} – {Shown.Date(end, texts)}";

    /// <summary>The name of what is counted: clicks, or requests if a filter chooses their kinds.</summary>
    public static string UnitOf(SheetQuestion question, PageTexts texts) =>
        texts[ChoosesKinds(question) ? "unknown.requests" : "links.clicks"];

    public static bool ChoosesKinds(SheetQuestion question) =>
        question.Asked.Filters.Any(filter => filter.Dimension is Dimension.Kind);

    private static string NameOf(Granularity granularity) => AskedStatistics.Granularities[(int)granularity];

    // Rows that hold the whole range, or too many rows, say nothing.
    private static bool Allows(DateSpan span, string granularity) =>
        granularity switch
        {
            "hour" => span.Days <= AskedStatistics.MostDaysByHour,
            "day" => span.Days is > 1 and <= 3 * 366,
            "week" => span.Days > 7,
            _ => span.Days > 31,
        };

    private TimeSeries TimesOf(
        SheetQuestion question,
        StatisticsSheet sheet,
        StatisticsAddress address,
        TableLinks links,
        PageTexts texts
    )
    {
        var granularity = question.Asked.Granularity ?? TimeRows.UsualOf(question.Span);
        var (rows, now) = (sheet.Times, clock.GetUtcNow().ToUnixTimeSeconds());
        var points = rows.Select(
            (row, at) =>
            {
                var end = at + 1 < rows.Count ? rows[at + 1].Start : EndOf(row, granularity, question.Span);
                return PointOf(row, end, granularity, question.Span, address, texts) with
                {
                    IsUnfinished = row.Start <= now && now < end,
                };
            }
        );
        return new([.. points], sheet.Total.Pageviews < FewClicks, links.Of(StatisticsType.Default.Name))
        {
            Unit = UnitOf(question, texts),
        };
    }

    // The last row may be before the end of the range.
    private static long EndOf(TimeRow row, Granularity granularity, DateSpan span)
    {
        if (granularity is Granularity.Hour)
            return row.Start + 3_600;
        var day = DateOnly.FromDateTime(LocalClock.At(row.Start, span.Zone));
        var next = granularity switch
        {
            Granularity.Day => day.AddDays(1),
            Granularity.Week => day.AddDays(7 - ((int)day.DayOfWeek + 6) % 7),
            _ => new DateOnly(day.Year, day.Month, 1).AddMonths(1),
        };
        return Math.Min(span.To, span.StartOf(next));
    }

    private static TimePoint PointOf(
        TimeRow row,
        long end,
        Granularity granularity,
        DateSpan span,
        StatisticsAddress address,
        PageTexts texts
    )
    {
        var (local, last) = (
            LocalClock.At(row.Start, span.Zone),
            LocalClock.At(Math.Max(row.Start, end - 1), span.Zone)
        );
        var (day, lastDay) = (DateOnly.FromDateTime(local), DateOnly.FromDateTime(last));
        var hour = $"{local:HH':'mm}";
        var (name, label) = granularity switch
        {
            Granularity.Hour => (
                $"{Shown.Date(day, texts.All)} {hour}",
                span.Days == 1 ? hour : $"{Shown.Day(day, texts.All)} {hour}"
            ),
            Granularity.Day => (Shown.Date(day, texts.All), Shown.Day(day, texts.All)),
            Granularity.Week => (RangeOf(day, lastDay, texts.All), Shown.Day(day, texts.All)),
            _ => (Shown.Month(day, texts.All), Shown.Month(day, texts.All)),
        };
        var zoom =
            granularity is Granularity.Hour
                ? null
                : address.With(
                    (StatisticsWords.Period, null),
                    (StatisticsWords.By, null),
                    (StatisticsWords.Start, DateSpan.Write(day)),
                    (StatisticsWords.End, DateSpan.Write(lastDay))
                );
        return new(name, label, row.Count.Pageviews, row.Count.Visitors, zoom)
        {
            Days = zoom is null ? null : (DateSpan.Write(day), DateSpan.Write(lastDay)),
        };
    }

    private static RequestParts RequestsOf(
        StatisticsSheet sheet,
        StatisticsAddress address,
        ValueNames names,
        TableLinks links
    )
    {
        var kind = Dimension.Kind.Name;
        var persons = KindNames.Of(Core.Clicks.ClickKind.Person);
        var (listed, excluded) = (ValuesOf(StatisticsWords.OfKind[0]), ValuesOf(StatisticsWords.OfKind[1]));
        return new(
            sheet.Kinds.Sum(row => row.Count.Pageviews),
            [
                .. sheet
                    .Kinds.OrderByDescending(row => row.Value == persons)
                    .Select(row => new RequestPart(
                        row.Value!,
                        names.Of(Dimension.Kind, row.Value),
                        row.Count.Pageviews,
                        // People are counted unless something else is asked for.
                        address.With([
                            .. StatisticsWords.OfKind.Select(name =>
                                (name, name == kind && row.Value != persons ? row.Value : null)
                            ),
                        ]),
                        IsCounted(row.Value!)
                    )),
            ],
            links.Of(kind, StatisticsWords.OfKind)
        );

        HashSet<string?> ValuesOf(string name) =>
            [.. address.Words.Where(word => word.Name == name).Select(word => Dimension.Kind.Spell(word.Value))];

        bool IsCounted(string value) =>
            listed.Count + excluded.Count == 0
                ? value == persons
                : (listed.Count == 0 || listed.Contains(value)) && !excluded.Contains(value);
    }

    private static TableCard CardOf(
        (string Card, Dimension[] Tabs) card,
        AskedPage asked,
        StatisticsSheet sheet,
        ValueNames names,
        TableLinks links,
        PageTexts texts
    )
    {
        var (address, open) = (asked.Address, StatisticsWords.TabOf(card, asked.Address));
        var rows = sheet.Tables.GetValueOrDefault(open, []);
        return new(
            card.Card,
            texts[$"stats.card.{card.Card}"],
            [
                .. card.Tabs.Select(tab =>
                    (
                        $"{address.With((card.Card, tab == card.Tabs[0] ? null : tab.Name))}#{card.Card}",
                        names.Of(tab),
                        tab == open
                    )
                ),
            ],
            RowsOf(open, ValueCount.Shorten(rows, MostRows), address, names),
            rows.Count > MostRows ? address.With((StatisticsWords.Show, open.Name)) : null,
            links.Of(open.Name)
        )
        {
            Map = open is Dimension.CountryCode ? MapCountries.Of(rows, address, names, texts) : null,
        };
    }

    private static TableCard ShownOf(
        Dimension shown,
        StatisticsAddress address,
        StatisticsSheet sheet,
        ValueNames names,
        TableLinks links
    ) =>
        new(
            shown.Name,
            names.Of(shown),
            [],
            RowsOf(shown, ValueCount.Shorten(sheet.Tables[shown], AskedStatistics.MostRows), address, names),
            address.With((StatisticsWords.Show, null)),
            links.Of(shown.Name)
        );

    private static List<TableRow> RowsOf(
        Dimension dimension,
        IReadOnlyList<ValueCount> rows,
        StatisticsAddress address,
        ValueNames names
    )
    {
        var total = Math.Max(1, rows.Sum(row => row.Count.Pageviews));
        return
        [
            .. rows.OrderBy(row => row.IsOther)
                .Select(row =>
                {
                    var (name, detail) = names.Of(dimension, row);
                    var filters = ValueNames.FiltersOf(dimension, row);
                    return new TableRow(
                        name,
                        detail,
                        filters is [] ? null : address.Plus(filters),
                        row.Count.Pageviews,
                        row.Count.Visitors,
                        (double)row.Count.Pageviews / total
                    );
                }),
        ];
    }

    private static HeatRows HeatOf(StatisticsSheet sheet, TableLinks links, PageTexts texts)
    {
        const int levels = 5;
        var counts = sheet.WeekHours.ToDictionary(row => (row.Weekday, row.Hour), row => row.Count.Pageviews);
        var most = sheet.WeekHours is [var first, ..] ? first.Count.Pageviews : 1;
        return new(
            [
                .. Enumerable
                    .Range(1, 7)
                    .Select(day =>
                        (
                            Shown.Weekday(day, texts.All),
                            (IReadOnlyList<(int, string)>)[.. Enumerable.Range(0, 24).Select(hour => CellOf(day, hour))]
                        )
                    ),
            ],
            links.Of("weekday_hour")
        );

        (int Level, string Title) CellOf(int day, int hour)
        {
            var count = counts.GetValueOrDefault((day, hour));
            var level = count == 0 ? 0 : 1 + (int)((levels - 1) * count / most);
            return (
                level,
                $"{Shown.Weekday(day, texts.All)} {Shown.Hour(hour, texts.All)}: {Shown.Number(count, texts.All)}"
            );
        }
    }
}
