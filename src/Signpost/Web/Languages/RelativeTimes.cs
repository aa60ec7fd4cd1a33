using System.Text.Json;

namespace Signpost.Web.Languages;

/// <summary>Times as people say them, such as "3 days ago", in the languages of the pages.</summary>
internal static class RelativeTimes
{
    private static readonly Lazy<Dictionary<string, Dictionary<string, string[]>>> ByLanguage = new(Read);

    /// <summary>The distance of a time from now.</summary>
    /// <param name="zone">It decides where days begin.</param>
    public static string Of(DateTimeOffset time, DateTimeOffset now, TimeZoneInfo zone, string language)
    {
        var texts = ByLanguage.Value[language];
        var sign = time <= now ? '-' : '+';
        var distance = (time - now).Duration();
        if (distance < TimeSpan.FromMinutes(1))
            return texts["now"][0];
        if (distance < TimeSpan.FromHours(1))
            return Text("minute", (int)distance.TotalMinutes);

        var days = Math.Abs((Date(time, zone) - Date(now, zone)).Days);
        if (distance < TimeSpan.FromHours(12) || days == 0)
            return Text("hour", (int)distance.TotalHours);
        return days switch
        {
            <= 30 => Text("day", days),
            < 365 => Text("month", Math.Min(days / 30, 11)),
            _ => Text("year", days / 365),
        };

        string Text(string unit, int count)
        {
            var list = texts[sign + unit];
            return list[Math.Min(count, list.Length) - 1];
        }
    }

    private static DateTime Date(DateTimeOffset time, TimeZoneInfo zone) => TimeZoneInfo.ConvertTime(time, zone).Date;

    private static Dictionary<string, Dictionary<string, string[]>> Read()
    {
        using var stream = typeof(RelativeTimes).Assembly.GetManifestResourceStream("relative-times.json")!;
        return JsonSerializer.Deserialize<Dictionary<string, Dictionary<string, string[]>>>(stream)!;
    }
}
