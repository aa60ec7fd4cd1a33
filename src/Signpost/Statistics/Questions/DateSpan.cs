using System.Globalization;
using Signpost.Api;

namespace Signpost.Statistics.Questions;

/// <summary>Days in a time zone; first and last day are included.</summary>
internal readonly record struct DateSpan(DateOnly Start, DateOnly End, TimeZoneInfo Zone)
{
    /// <summary>More than ten years.</summary>
    public const int MostDays = 3_660;

    /// <summary>The number of days when no date is given.</summary>
    public const int UsualDays = 30;

    public const string Expected = "must be a date like 2026-01-31";

    /// <summary>The first second after all days that can be asked for; a multiple of 900.</summary>
    public static readonly long EndOfTime = new DateTimeOffset(9999, 1, 2, 0, 0, 0, TimeSpan.Zero).ToUnixTimeSeconds();

    private const string Shape = "yyyy-MM-dd";
    private const int Quarter = Core.Statistics.Dimensions.Quarter;
    private static readonly DateOnly Earliest = new(1970, 1, 1);
    private static readonly DateOnly Latest = new(9998, 12, 31);

    public int Days => End.DayNumber - Start.DayNumber + 1;

    /// <summary>The first second, since 1970-01-01 UTC; a quarter of an hour begins there.</summary>
    public long From => StartOf(Start);

    /// <summary>The first second after the span.</summary>
    public long To => StartOf(End.AddDays(1));

    /// <summary>The same number of days just before this span.</summary>
    public DateSpan Previous => this with { Start = Start.AddDays(-Days), End = Start.AddDays(-1) };

    /// <summary>Reads a date, or the day of a date with a time, as it is written.</summary>
    public static bool TryParse(string text, out DateOnly date) =>
        DateOnly.TryParseExact(Day(text), Shape, CultureInfo.InvariantCulture, DateTimeStyles.None, out date)
        && date >= Earliest
        && date <= Latest;

    private static string Day(string text) =>
        text.Length > Shape.Length
        && (
            LocalTime.TryParse(text, TimeZoneInfo.Utc, out _)
            || LocalTime.TryParse(text.Replace('T', ' '), TimeZoneInfo.Utc, out _)
        )
            ? text[..Shape.Length]
            : text;

    public static string Write(DateOnly date) => date.ToString(Shape, CultureInfo.InvariantCulture);

    /// <summary>The first second of a day in the zone. If clocks skip it, the first second that they show.</summary>
    public long StartOf(DateOnly day) => Math.Max(0, LocalTime.StartOf(day, Zone) / 1_000 / Quarter * Quarter);
}
