using Signpost.Statistics.Responses;
using Signpost.Statistics.Sheets;
using Signpost.Web.Components;
using Signpost.Web.Languages;
using static Signpost.Dashboard.Statistics.StatisticsBody;

namespace Signpost.Dashboard.Statistics;

/// <summary>The most important numbers of a sheet.</summary>
internal static class TotalCards
{
    /// <summary>A percentage of fewer counts than this would look like more than it is.</summary>
    private const int FewForPercent = 20;

    public static IReadOnlyList<TotalCard> Of(SheetQuestion question, StatisticsSheet sheet, PageTexts texts)
    {
        var all = texts.All;
        var ofKinds = StatisticsViews.ChoosesKinds(question);
        List<TotalCard> cards =
        [
            new(
                StatisticsViews.UnitOf(question, texts),
                Shown.Number(sheet.Total.Pageviews, all),
                Hint: ofKinds ? null : "stats.hint.clicks"
            )
            {
                Change = ChangeOf(sheet.Total.Pageviews, sheet.Earlier?.Pageviews, question, sheet, texts),
            },
            new(all["stats.visitors"], Shown.Number(sheet.Total.Visitors, all), Hint: "stats.hint.visitors")
            {
                Change = ChangeOf(sheet.Total.Visitors, sheet.Earlier?.Visitors, question, sheet, texts),
            },
        ];
        if (question.Span.Days > 1)
        {
            cards.Add(
                new(
                    all[ofKinds ? "stats.requests_per_day" : "stats.per_day"],
                    Shown.Decimal((double)sheet.Total.Pageviews / sheet.Days, all)
                )
            );
            if (sheet.BestDay is var (day, count))
                cards.Add(new(all["stats.best_day"], Shown.Number(count.Pageviews, all), Shown.Date(day, all)));
        }

        if (sheet.Hours is [var peak, ..])
            cards.Add(new(all["stats.peak_hour"], HourOf(peak, all), ofKinds ? null : ShareOf(peak, sheet, texts)));
        return cards;
    }

    private static string HourOf(HourRow row, IReadOnlyDictionary<string, string> texts) =>
        $"{Shown.Hour(row.Hour, texts)}–{Shown.Hour((row.Hour + 1) % 24, texts)}";

    private static string ShareOf(HourRow peak, StatisticsSheet sheet, PageTexts texts) =>
        texts.All.Fill(
            "stats.share",
            ("share", Shown.Percent((double)peak.Count.Pageviews / sheet.Total.Pageviews, texts.All))
        );

    private static (string Text, string Mood, string Title)? ChangeOf(
        long now,
        long? before,
        SheetQuestion question,
        StatisticsSheet sheet,
        PageTexts texts
    )
    {
        if (before is not { } earlier)
            return null;
        var end = DateOnly.FromDateTime(LocalClock.At(sheet.EarlierTo - 1, question.Span.Zone));
        var range = StatisticsViews.RangeOf(question.Earlier.Start, end, texts.All);
        var title = $"{range}: {Shown.Number(earlier, texts.All)}";
        return (
            earlier < FewForPercent
                ? Shown.Difference(now - earlier, texts.All)
                : Shown.Change((double)(now - earlier) / earlier, texts.All),
            StatisticsViews.ChoosesKinds(question) ? "neutral"
            // More robots are no success.
            : now > earlier ? "good"
            : now < earlier ? "bad"
            : "neutral",
            title
        );
    }
}
