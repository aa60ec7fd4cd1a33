using System.ComponentModel;
using System.Globalization;
using Signpost.Web;
using Signpost.Web.Languages;

namespace Signpost.Statistics.Publishing;

/// <summary>What a link's page with statistics shows, in no language yet.</summary>
/// <param name="Link">The short address without its scheme, for reading.</param>
/// <param name="Url">The short address, for following.</param>
/// <param name="Zone">In whose days they are counted.</param>
/// <param name="Days">In order, also those without clicks.</param>
[ImmutableObject(true)]
internal sealed record LinkStatistics(
    string Link,
    string Url,
    string Zone,
    IReadOnlyList<(DateOnly Day, long Clicks, long Visitors)> Days,
    IReadOnlyList<PublicList> Lists
);

/// <summary>The most frequent values of one kind.</summary>
/// <param name="Name">Its heading is <c>statistics.NAME</c>.</param>
internal sealed record PublicList(string Name, IReadOnlyList<PublicRow> Rows);

/// <summary>One value; null: it is not known.</summary>
internal readonly record struct PublicRow(string? Value, bool IsOther, long Clicks);

/// <summary>The page that shows everybody how often a link is followed.</summary>
internal sealed class PublicStatisticsPages(PageRenderer renderer, PageLanguages languages)
{
    public async Task WriteAsync(HttpContext http, LinkStatistics statistics)
    {
        var texts = languages.For(http);
        var culture = CultureInfo.GetCultureInfo(texts.Language);
        var body = await renderer.RenderAsync<PublicStatisticsPage>(
            new()
            {
                [nameof(PublicStatisticsPage.Texts)] = texts.All,
                [nameof(PublicStatisticsPage.Link)] = statistics.Link,
                [nameof(PublicStatisticsPage.Url)] = statistics.Url,
                [nameof(PublicStatisticsPage.Zone)] = statistics.Zone,
                [nameof(PublicStatisticsPage.Culture)] = culture,
                [nameof(PublicStatisticsPage.Days)] = statistics.Days,
                [nameof(PublicStatisticsPage.Lists)] = statistics
                    .Lists.Select(list =>
                        (
                            texts[$"figures.{list.Name}"],
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

    private static string NameOf(string list, PublicRow row, PageTexts texts) =>
        (list, row) switch
        {
            (_, { IsOther: true }) => texts["figures.other"],
            ("referrers", { Value: null }) => texts["figures.direct"],
            (_, { Value: null }) => texts["figures.unknown"],
            ("countries", { Value: var code }) => CountryNames.Of(code, texts.Language),
            ("devices", { Value: "desktop" or "mobile" or "tablet" }) => texts[$"figures.{row.Value}"],
            _ => row.Value,
        };
}
