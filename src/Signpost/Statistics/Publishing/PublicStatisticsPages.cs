using System.ComponentModel;
using System.Globalization;
using Signpost.Web;
using Signpost.Web.Languages;

namespace Signpost.Statistics.Publishing;

/// <summary>The numbers of a page of public statistics, before translation.</summary>
/// <param name="Days">In order; also days without clicks.</param>
[ImmutableObject(true)]
internal sealed record PublicNumbers(
    IReadOnlyList<(DateOnly Day, long Clicks, long Visitors)> Days,
    IReadOnlyList<PublicList> Lists
)
{
    /// <summary>The periods that the page can show, in days.</summary>
    public IReadOnlyList<int> Periods { get; init; } = [];
}

/// <summary>The most frequent values of one kind.</summary>
/// <param name="Name">The text <c>public_statistics.NAME</c> is its heading.</param>
internal sealed record PublicList(string Name, IReadOnlyList<PublicRow> Rows);

/// <summary>One value; null: unknown.</summary>
internal readonly record struct PublicRow(string? Value, bool IsOther, long Clicks);

/// <summary>The page of public statistics.</summary>
internal sealed class PublicStatisticsPages(PublicStatistics statistics, PageRenderer renderer, PageLanguages languages)
{
    /// <exception cref="Hosting.TooBusyException">Too many others are counted at the moment.</exception>
    public async Task WriteAsync(HttpContext http, Published published)
    {
        var numbers = await statistics.CountAsync(published, http.Request.Query["days"], http.RequestAborted);
        var texts = languages.For(http);
        var culture = CultureInfo.GetCultureInfo(texts.Language);
        var body = await renderer.RenderAsync<PublicStatisticsPage>(
            new()
            {
                [nameof(PublicStatisticsPage.Texts)] = texts.All,
                [nameof(PublicStatisticsPage.Heading)] = published.Title,
                [nameof(PublicStatisticsPage.Logo)] = published.Logo,
                [nameof(PublicStatisticsPage.Link)] = published
                    .Url
                    ?[(published.Url.IndexOf("://", StringComparison.Ordinal) + 3)..],
                [nameof(PublicStatisticsPage.Url)] = published.Url is null ? null : new Uri(published.Url).AbsoluteUri,
                [nameof(PublicStatisticsPage.Zone)] = published.TimeZone,
                [nameof(PublicStatisticsPage.Culture)] = culture,
                [nameof(PublicStatisticsPage.Days)] = numbers.Days,
                [nameof(PublicStatisticsPage.Periods)] = PeriodsOf(numbers, PublicPage.HostOf(http)),
                [nameof(PublicStatisticsPage.Lists)] = numbers
                    .Lists.Select(list =>
                        (
                            texts[$"public_statistics.{list.Name}"],
                            (IReadOnlyList<(string, long)>)
                                [.. list.Rows.Select(row => (NameOf(list.Name, row, texts), row.Clicks))]
                        )
                    )
                    .ToList(),
            }
        );
        PageHeaders.Set(http.Response, StatusCodes.Status200OK, policy: PageHeaders.PublicStatistics, texts: texts);
        await PageResponse.SendAsync(http, body);
    }

    private static IReadOnlyList<(int, string, bool)> PeriodsOf(PublicNumbers numbers, string? host) =>
        [
            .. numbers.Periods.Select(days =>
                (
                    days,
                    $"{QueryString.Create(new Dictionary<string, string?> { ["days"] = $"{days}" }).Add(host is null ? default : QueryString.Create("domain", host))}",
                    days == numbers.Days.Count
                )
            ),
        ];

    private static string NameOf(string list, PublicRow row, PageTexts texts) =>
        (list, row) switch
        {
            (_, { IsOther: true }) => texts["public_statistics.other"],
            ("referrers", { Value: null }) => texts["public_statistics.direct"],
            (_, { Value: null }) => texts["public_statistics.unknown"],
            ("countries", { Value: var code }) => Names.Country(code, texts.Language),
            ("devices", { Value: "desktop" or "mobile" or "tablet" }) => texts[$"public_statistics.{row.Value}"],
            // Everybody knows this name; visitors never saw the other.
            ("systems", { Value: "OS X" }) => "macOS",
            _ => row.Value,
        };
}
