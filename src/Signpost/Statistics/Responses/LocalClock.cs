namespace Signpost.Statistics.Responses;

/// <summary>Converts many instants, in order, to a zone. It looks up the offset once a day, except on days that change it.</summary>
internal sealed class LocalClock(TimeZoneInfo zone)
{
    private const long Day = 86_400;

    private long _from;
    private long _to;
    private TimeSpan _offset;

    public static DateTime At(long seconds, TimeZoneInfo zone) =>
        TimeZoneInfo.ConvertTimeFromUtc(DateTimeOffset.FromUnixTimeSeconds(seconds).UtcDateTime, zone);

    public DateTime At(long seconds)
    {
        if (seconds < _from || seconds >= _to)
        {
            var day = seconds / Day * Day;
            var (first, last) = (OffsetAt(day), OffsetAt(day + Day));
            if (first != last)
                return At(seconds, zone);
            (_from, _to, _offset) = (day, day + Day, first);
        }

        return DateTimeOffset.FromUnixTimeSeconds(seconds).UtcDateTime + _offset;
    }

    private TimeSpan OffsetAt(long seconds) => zone.GetUtcOffset(DateTimeOffset.FromUnixTimeSeconds(seconds));
}
