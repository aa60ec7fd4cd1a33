using System.Globalization;
using Signpost.Api.Bodies;
using Signpost.Api.Callers;
using Signpost.Core.Statistics;
using Signpost.Statistics.Questions;
using Signpost.Statistics.Sheets;
using Signpost.Storage;
using Signpost.Web.Languages;
using static Signpost.Dashboard.Statistics.StatisticsBody;

namespace Signpost.Dashboard.Statistics;

/// <summary>A page of statistics as its address asks for it.</summary>
/// <param name="Shown">The dimension of the table that fills the page; null: the page shows all cards.</param>
internal sealed record AskedPage(StatisticsAddress Address, SheetQuestion Question, DateOnly Today, Dimension? Shown)
{
    /// <summary>The parts of the address that are not possible, as people read them. The page is shown without them.</summary>
    public required IReadOnlyList<string> Errors { get; init; }
}

/// <summary>The words in the addresses of pages with statistics.</summary>
internal static class StatisticsWords
{
    public const string Period = "period";
    public const string Start = "start_date";
    public const string End = "end_date";
    public const string By = "granularity";
    public const string Against = "against";
    public const string Show = "show";
    public const string Project = "project_id";
    public const string Domain = "domain_id";
    public const string Compared = "compare_link";
    public const string FindLink = "find_link";

    /// <summary>The dimension of the filter that somebody adds.</summary>
    public const string Pick = "pick";

    /// <summary>The menu with the public address is open.</summary>
    public const string Share = "share";
    public const int MostCompared = 5;
    public const string UsualPeriod = "30";
    public const string Custom = "custom";
    private const int Week = 7;

    /// <summary>The periods that need no dates.</summary>
    public static readonly string[] Periods = ["today", "7", "last_week", UsualPeriod, "90", "month", "year"];

    /// <summary>The days to compare with; the first is the usual one.</summary>
    public static readonly string[] Comparisons = ["previous", "year", "none"];

    /// <summary>The cards with their tabs; the name of a card is the word for its open tab.</summary>
    public static readonly (string Card, Dimension[] Tabs)[] Cards =
    [
        ("sources", [Dimension.ReferrerHost, Dimension.ReferrerPath, Dimension.Trigger]),
        (
            "campaigns",
            [Dimension.UtmCampaign, Dimension.UtmSource, Dimension.UtmMedium, Dimension.UtmTerm, Dimension.UtmContent]
        ),
        ("places", [Dimension.CountryCode, Dimension.CityName, Dimension.ContinentCode]),
        ("devices", [Dimension.DeviceType, Dimension.OsName, Dimension.BrowserName, Dimension.BrowserLanguage]),
        ("targets", [Dimension.Destination, Dimension.Variant, Dimension.Host]),
    ];

    /// <summary>The names of all filters, as in the API.</summary>
    public static IReadOnlyList<string> Filters { get; } =
    [
        .. DimensionNames.All.SelectMany(one => (string[])[one.Name, AskedStatistics.NotNameOf(one)]),
        TagFilter.Name,
        TagFilter.NotName,
    ];

    /// <summary>The filters that choose kinds of requests. The table of all kinds has neither.</summary>
    public static readonly string[] OfKind = [Dimension.Kind.Name, AskedStatistics.NotNameOf(Dimension.Kind)];

    private static readonly HashSet<string> Known =
    [
        Period,
        Start,
        End,
        By,
        Against,
        Show,
        Project,
        Domain,
        Compared,
        FindLink,
        Pick,
        Share,
        .. Cards.Select(card => card.Card),
        .. Filters,
    ];

    /// <summary>The words that an address has; others are left out.</summary>
    public static StatisticsAddress AddressOf(string path, IQueryCollection query) =>
        new(
            path,
            from word in query
            where Known.Contains(word.Key)
            from value in word.Value
            select (word.Key, value ?? "")
        );

    /// <summary>The tab of a card that is open.</summary>
    public static Dimension TabOf((string Card, Dimension[] Tabs) card, StatisticsAddress address) =>
        card.Tabs.FirstOrDefault(tab => tab.Name == address[card.Card], card.Tabs[0]);

    /// <summary>The word of the period; <c>custom</c>: the address has dates.</summary>
    public static string PeriodOf(StatisticsAddress address) =>
        address[Start] is not "" || address[End] is not "" ? Custom
        : Periods.Contains(address[Period]) ? address[Period]
        : UsualPeriod;

    public static string ComparisonOf(StatisticsAddress address) =>
        Comparisons.Contains(address[Against]) ? address[Against] : Comparisons[0];

    /// <summary>Reads what an address asks for. Words that are not possible are left out, and are among the errors.</summary>
    /// <param name="type">The type of the API; null: the usual one.</param>
    public static AskedPage Read(
        StatisticsAddress address,
        Caller caller,
        long? linkId,
        DateOnly today,
        PageTexts texts,
        string? type = null
    )
    {
        WrongWords wrong = new(texts);
        address = wrong.WithoutValues(address);
        while (true)
        {
            var fields = FieldsOf(address, today);
            if (type is not null)
                fields.Add("type", new FieldValue.Text(type));
            FieldReader read = new(fields, caller.TimeZone);
            var asked = AskedStatistics.Read(read, caller.TimeZone, today);
            SheetScope scope = linkId is null
                ? new(null, read.FilterNumber(Project), read.FilterNumber(Domain))
                : new(linkId, null, null);
            var isScopeWrong = read.MatchesNothing || scope is { ProjectId: not null, DomainId: not null };
            if ((read.Errors is [] && !isScopeWrong) || address.Words is [])
                return new(address, QuestionOf(address, scope, asked), today, ShownBy(address))
                {
                    Errors = wrong.Errors,
                };
            address = wrong.Without(address, read.Errors, isScopeWrong);
        }
    }

    private static SheetQuestion QuestionOf(StatisticsAddress address, SheetScope scope, AskedStatistics asked)
    {
        var shown = ShownBy(address);
        var span = asked.Span!.Value;
        var days = ComparisonOf(address) switch
        {
            // A table that fills the page shows no comparison.
            _ when shown is not null || ShowsTags(address) => 0,
            "year" => 52 * Week,
            // Weeks, so that a Monday is compared with a Monday.
            "previous" => (span.Days + Week - 1) / Week * Week,
            _ => 0,
        };
        // Counts begin in 1970.
        if (span.Start.DayNumber - days < new DateOnly(1970, 1, 1).DayNumber)
            days = 0;
        return new(
            scope,
            asked,
            days,
            shown is { } one ? [one]
                : ShowsTags(address) ? []
                : [.. Cards.Select(card => TabOf(card, address)).Distinct()]
        );
    }

    /// <summary>The table of tags fills the page.</summary>
    public static bool ShowsTags(StatisticsAddress address) => address[Show] == StatisticsType.Tag;

    private static Dimension? ShownBy(StatisticsAddress address) =>
        DimensionNames.All.Where(one => one.Name == address[Show]).Select(one => (Dimension?)one).FirstOrDefault();

    private static Fields FieldsOf(StatisticsAddress address, DateOnly today)
    {
        Fields fields = new();
        foreach (var (name, value) in address.Words)
            if (name is By or Project or Domain || Filters.Contains(name))
                fields.Add(name, new FieldValue.Text(value));
        var (start, end) = PeriodOf(address) switch
        {
            Custom => (address[Start], address[End]),
            "today" => (DateSpan.Write(today), DateSpan.Write(today)),
            // From Monday to Sunday.
            "last_week" => (
                DateSpan.Write(today.AddDays(-Week - ((int)today.DayOfWeek + 6) % Week)),
                DateSpan.Write(today.AddDays(-1 - ((int)today.DayOfWeek + 6) % Week))
            ),
            "month" => (DateSpan.Write(new(today.Year, today.Month, 1)), DateSpan.Write(today)),
            "year" => (DateSpan.Write(new(today.Year, 1, 1)), DateSpan.Write(today)),
            var days => (
                DateSpan.Write(today.AddDays(1 - int.Parse(days, CultureInfo.InvariantCulture))),
                DateSpan.Write(today)
            ),
        };
        fields.Add(Start, new FieldValue.Text(start));
        fields.Add(End, new FieldValue.Text(end));
        return fields;
    }
}
