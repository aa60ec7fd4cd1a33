using System.Collections.Concurrent;
using System.Globalization;

namespace Signpost.Web.Components;

/// <summary>Numbers and times as the language of a page writes them.</summary>
internal static class Shown
{
    private static readonly ConcurrentDictionary<string, CultureInfo> Cultures = new();

    /// <summary>The digits in groups, as in <c>1,234</c>.</summary>
    public static string Number(long number, IReadOnlyDictionary<string, string> texts) =>
        number.ToString("N0", CultureOf(texts));

    /// <summary>The date and the time of day in a zone, with the offset of the zone.</summary>
    public static string Time(DateTimeOffset time, TimeZoneInfo zone, IReadOnlyDictionary<string, string> texts)
    {
        var local = TimeZoneInfo.ConvertTime(time, zone);
        return $"{local.ToString("d MMM yyyy HH:mm", CultureOf(texts))} ({local.ToString("'UTC'zzz", CultureInfo.InvariantCulture)})";
    }

    /// <summary>The date and the time of day in a zone.</summary>
    public static string LocalTime(DateTimeOffset time, TimeZoneInfo zone, IReadOnlyDictionary<string, string> texts) =>
        TimeZoneInfo.ConvertTime(time, zone).ToString("d MMM yyyy HH:mm", CultureOf(texts));

    /// <summary>A share from 0 to 1, as in <c>33 %</c>.</summary>
    public static string Percent(double share, IReadOnlyDictionary<string, string> texts) =>
        share.ToString("P0", CultureOf(texts));

    /// <summary>A share from 0 to 1 with a decimal, as in <c>3.1 %</c>.</summary>
    public static string ExactPercent(double share, IReadOnlyDictionary<string, string> texts) =>
        share.ToString("P1", CultureOf(texts));

    /// <summary>The day and the month of a date, as in <c>27 Nov</c>.</summary>
    public static string Day(DateOnly day, IReadOnlyDictionary<string, string> texts) =>
        day.ToString("d MMM", CultureOf(texts));

    /// <summary>A date with its year, as in <c>27 Nov 2026</c>.</summary>
    public static string Date(DateOnly day, IReadOnlyDictionary<string, string> texts) =>
        day.ToString("d MMM yyyy", CultureOf(texts));

    /// <summary>A month with its year, as in <c>Nov 2026</c>.</summary>
    public static string Month(DateOnly day, IReadOnlyDictionary<string, string> texts) =>
        day.ToString("MMM yyyy", CultureOf(texts));

    /// <summary>The short name of a day of the week; 1 is Monday, 7 is Sunday.</summary>
    public static string Weekday(int weekday, IReadOnlyDictionary<string, string> texts) =>
        CultureOf(texts).DateTimeFormat.AbbreviatedDayNames[weekday % 7];

    /// <summary>An hour of the day, as in <c>14:00</c>.</summary>
    public static string Hour(int hour, IReadOnlyDictionary<string, string> texts) =>
        new TimeOnly(hour, 0).ToString("HH:mm", CultureOf(texts));

    /// <summary>A number with at most one digit after the point, as in <c>1,234.5</c>.</summary>
    public static string Decimal(double number, IReadOnlyDictionary<string, string> texts) =>
        number.ToString(number < 100 ? "#,0.#" : "#,0", CultureOf(texts));

    /// <summary>A difference with its sign, as in <c>+12</c>.</summary>
    public static string Difference(long number, IReadOnlyDictionary<string, string> texts) =>
        (number > 0 ? "+" : "") + Number(number, texts);

    /// <summary>A change with its sign, as in <c>+12 %</c>.</summary>
    public static string Change(double share, IReadOnlyDictionary<string, string> texts) =>
        (share > 0 ? "+" : "") + Percent(share, texts);

    // Arabic pages have Western digits and the common calendar, as the rest of the page has.
    private static CultureInfo CultureOf(IReadOnlyDictionary<string, string> texts) =>
        Cultures.GetOrAdd(
            texts["language"],
            static tag =>
            {
                var culture = (CultureInfo)CultureInfo.GetCultureInfo(tag).Clone();
                culture.DateTimeFormat.Calendar = culture.OptionalCalendars.OfType<GregorianCalendar>().First();
                culture.NumberFormat.NegativeSign = "-";
                return culture;
            }
        );
}
