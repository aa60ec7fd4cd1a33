using Signpost.Core.Statistics;

namespace Signpost.Statistics.Responses;

/// <summary>The clicks of an hour of the day or of the week, in a time zone.</summary>
/// <param name="Weekday">1 is Monday; 0: all days together.</param>
internal readonly record struct HourRow(int Weekday, int Hour, Count Count)
{
    /// <summary>The hours that have clicks, most clicks first.</summary>
    public static IReadOnlyList<HourRow> Of(IReadOnlyList<QuarterCount> quarters, TimeZoneInfo zone, bool tellsWeekdays)
    {
        var clock = new LocalClock(zone);
        var counts = new Count[8, 24];
        foreach (var quarter in quarters)
        {
            var local = clock.At(quarter.Start);
            counts[tellsWeekdays ? WeekdayOf(local) : 0, local.Hour] += quarter.Count;
        }

        return
        [
            .. from weekday in Enumerable.Range(0, 8)
            from hour in Enumerable.Range(0, 24)
            where counts[weekday, hour].Pageviews > 0
            orderby counts[weekday, hour].Pageviews descending, weekday, hour
            select new HourRow(weekday, hour, counts[weekday, hour]),
        ];
    }

    private static int WeekdayOf(DateTime local) => local.DayOfWeek is DayOfWeek.Sunday ? 7 : (int)local.DayOfWeek;
}
