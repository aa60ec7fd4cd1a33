using System.Globalization;
using System.Text.RegularExpressions;

namespace Signpost.Api;

/// <summary>
/// Instants as the API reads them: <c>yyyy-MM-dd HH:mm:ss</c> or <c>yyyy-MM-dd HH:mm</c> in an account's time zone, with a blank or a T in
/// the middle, or ISO 8601 with an offset. Inside, an instant is milliseconds since 1970-01-01 UTC.
/// </summary>
internal static partial class LocalTime
{
    public const string Expected = "must be a date like 2026-01-31 18:00:00, or ISO 8601 with an offset";

    // No zone is more than 14 hours from UTC. So the days before and after a local time are on both sides of any
    // change of offset that concerns it.
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    public static bool TryParse(string text, TimeZoneInfo zone, out long milliseconds)
    {
        milliseconds = 0;
        var match = Shape().Match(text);
        if (!match.Success || !TryLocal(match, out var local))
            return false;

        var offset = match.Groups["offset"];
        var isIso = offset.Success;
        if (!isIso && match.Groups["fraction"].Success)
            return false;

        var ticks = local.Ticks;
        if (!isIso)
            ticks -= OffsetOf(local, zone).Ticks;
        else if (TryOffset(offset.ValueSpan, out var minutes))
            ticks -= minutes * TimeSpan.TicksPerMinute;
        else
            return false;

        if (ticks < 0 || ticks > DateTime.MaxValue.Ticks)
            return false;

        milliseconds = new DateTimeOffset(ticks, TimeSpan.Zero).ToUnixTimeMilliseconds();
        return true;
    }

    /// <summary>The start of a day in a zone. If clocks skip midnight, the first instant after it.</summary>
    public static long StartOf(DateOnly day, TimeZoneInfo zone)
    {
        var midnight = day.ToDateTime(TimeOnly.MinValue);
        var ticks = Math.Clamp(midnight.Ticks - OffsetOf(midnight, zone).Ticks, 0, DateTime.MaxValue.Ticks);
        return new DateTimeOffset(ticks, TimeSpan.Zero).ToUnixTimeMilliseconds();
    }

    public static string Format(long milliseconds, TimeZoneInfo zone)
    {
        // Converting saturates at the ends of the calendar, so no instant and zone together can throw.
        var utc = DateTimeOffset.FromUnixTimeMilliseconds(milliseconds).UtcDateTime;
        return TimeZoneInfo.ConvertTimeFromUtc(utc, zone).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
    }

    /// <summary>ISO 8601 with the zone's offset at that instant, as in <c>2026-01-31T18:00:00+01:00</c>.</summary>
    public static string FormatWithOffset(long milliseconds, TimeZoneInfo zone) =>
        TimeZoneInfo
            .ConvertTime(DateTimeOffset.FromUnixTimeMilliseconds(milliseconds), zone)
            .ToString("yyyy-MM-ddTHH:mm:sszzz", CultureInfo.InvariantCulture);

    public static string? Format(long? milliseconds, TimeZoneInfo zone) =>
        milliseconds is { } value ? Format(value, zone) : null;

    // A time that exists once has one offset; twice: the earlier instant; never (clocks went forward): the offset before
    // the change, which moves it forward by the length of the gap.
    private static TimeSpan OffsetOf(DateTime local, TimeZoneInfo zone)
    {
        var before = zone.GetUtcOffset(Shift(local, -Day));
        var after = zone.GetUtcOffset(Shift(local, Day));
        var holdsBefore = zone.GetUtcOffset(Shift(local, -before)) == before;
        var holdsAfter = zone.GetUtcOffset(Shift(local, -after)) == after;

        if (holdsBefore && holdsAfter)
            return before > after ? before : after;
        return holdsAfter ? after : before;
    }

    private static DateTime Shift(DateTime local, TimeSpan by) =>
        new(Math.Clamp(local.Ticks + by.Ticks, 0, DateTime.MaxValue.Ticks), DateTimeKind.Utc);

    private static bool TryLocal(Match match, out DateTime local)
    {
        var second = match.Groups["second"] is { Success: true } sent ? sent.Value : "00";
        var fraction = match.Groups["fraction"] is { Success: true } digits
            ? digits.Value.PadRight(3, '0')[..3]
            : "000";
        return DateTime.TryParseExact(
            $"{match.Groups["date"].ValueSpan} {match.Groups["minute"].ValueSpan}:{second}.{fraction}",
            "yyyy-MM-dd HH:mm:ss.fff",
            CultureInfo.InvariantCulture,
            DateTimeStyles.None,
            out local
        );
    }

    private static bool TryOffset(ReadOnlySpan<char> text, out long minutes)
    {
        minutes = 0;
        if (text is "Z" or "z")
            return true;

        var hour = int.Parse(text[1..3], NumberStyles.None, CultureInfo.InvariantCulture);
        var minute = text.Length > 3 ? int.Parse(text[^2..], NumberStyles.None, CultureInfo.InvariantCulture) : 0;
        minutes = (hour * 60 + minute) * (text[0] == '-' ? -1 : 1);
        return minute < 60 && Math.Abs(minutes) <= 14 * 60;
    }

    [GeneratedRegex(
        @"\A(?<date>[0-9]{4}-[0-9]{2}-[0-9]{2})(?<t>[Tt ])(?<minute>[0-9]{2}:[0-9]{2})(:(?<second>[0-9]{2})([.,](?<fraction>[0-9]{1,9}))?)?(?<offset>[Zz]|[+-][0-9]{2}(:?[0-9]{2})?)?\z",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture
    )]
    private static partial Regex Shape();
}
