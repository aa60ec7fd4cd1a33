using System.ComponentModel;
using System.Globalization;
using Signpost.Web;
using Signpost.Web.Languages;

namespace Signpost.Statistics.Publishing;

/// <summary>The content of the page with a link's statistics, before translation.</summary>
/// <param name="Link">The short address without its scheme, to show.</param>
/// <param name="Url">The short address, to follow.</param>
/// <param name="Zone">The time zone of the days.</param>
/// <param name="Days">In order; also days without clicks.</param>
[ImmutableObject(true)]
internal sealed record LinkStatistics(
    string Link,
    string Url,
    string Zone,
    IReadOnlyList<(DateOnly Day, long Clicks, long Visitors)> Days,
    IReadOnlyList<PublicList> Lists
)
{
    /// <summary>The owner's title; null: the short address.</summary>
    public string? Title { get; init; }

    /// <summary>The periods that the page can show, in days.</summary>
    public IReadOnlyList<int> Periods { get; init; } = [];
}

/// <summary>The most frequent values of one kind.</summary>
/// <param name="Name">The text <c>public_statistics.NAME</c> is its heading.</param>
internal sealed record PublicList(string Name, IReadOnlyList<PublicRow> Rows);

/// <summary>One value; null: unknown.</summary>
internal readonly record struct PublicRow(string? Value, bool IsOther, long Clicks);

/// <summary>The public page with a link's clicks.</summary>
internal sealed class PublicStatisticsPages(PageRenderer renderer, PageLanguages languages)
{
    /// <param name="host">The host that the address names; null: none.</param>
    public async Task WriteAsync(HttpContext http, LinkStatistics statistics, string? host)
    {
        var texts = languages.For(http);
        var culture = CultureInfo.GetCultureInfo(texts.Language);
        var body = await renderer.RenderAsync<PublicStatisticsPage>(
            new()
            {
                [nameof(PublicStatisticsPage.Texts)] = texts.All,
                [nameof(PublicStatisticsPage.Heading)] = statistics.Title,
                [nameof(PublicStatisticsPage.Link)] = statistics.Link,
                [nameof(PublicStatisticsPage.Url)] = statistics.Url,
                [nameof(PublicStatisticsPage.Zone)] = statistics.Zone,
                [nameof(PublicStatisticsPage.Culture)] = culture,
                [nameof(PublicStatisticsPage.Days)] = statistics.Days,
                [nameof(PublicStatisticsPage.Periods)] = PeriodsOf(statistics, host),
                [nameof(PublicStatisticsPage.Lists)] = statistics
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

    private static IReadOnlyList<(int, string, bool)> PeriodsOf(LinkStatistics statistics, string? host) =>
        [
            .. statistics.Periods.Select(days =>
                (
                    days,
                    $"{QueryString.Create(new Dictionary<string, string?> { ["days"] = $"{days}" }).Add(host is null ? default : QueryString.Create("domain", host))}",
                    days == statistics.Days.Count
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
            _ => row.Value,
        };
}
