using System.ComponentModel;
using System.Globalization;
using Signpost.Web;
using Signpost.Web.Languages;

namespace Signpost.Statistics.Publishing;

/// <summary>What a link's page with figures shows, in no language yet.</summary>
/// <param name="Link">The short address without its scheme, for reading.</param>
/// <param name="Url">The short address, for following.</param>
/// <param name="Zone">In whose days they are counted.</param>
/// <param name="Days">In order, also those without clicks.</param>
[ImmutableObject(true)]
internal sealed record LinkFigures(
    string Link,
    string Url,
    string Zone,
    IReadOnlyList<(DateOnly Day, long Clicks, long Visitors)> Days,
    IReadOnlyList<FigureList> Lists
);

/// <summary>The most frequent values of one kind.</summary>
/// <param name="Name">Its heading is <c>figures.NAME</c>.</param>
internal sealed record FigureList(string Name, IReadOnlyList<FigureRow> Rows);

/// <summary>One value; null: it is not known.</summary>
internal readonly record struct FigureRow(string? Value, bool IsOther, long Clicks);

/// <summary>The page that shows everybody how often a link is followed.</summary>
internal sealed class FigurePages(PageRenderer renderer, PageLanguages languages)
{
    public async Task WriteAsync(HttpContext http, LinkFigures figures)
    {
        var words = languages.For(http);
        var culture = CultureInfo.GetCultureInfo(words.Language);
        var body = await renderer.RenderAsync<Figures>(
            new()
            {
                [nameof(Figures.Words)] = words.Texts,
                [nameof(Figures.Link)] = figures.Link,
                [nameof(Figures.Url)] = figures.Url,
                [nameof(Figures.Zone)] = figures.Zone,
                [nameof(Figures.Culture)] = culture,
                [nameof(Figures.Days)] = figures.Days,
                [nameof(Figures.Lists)] = figures
                    .Lists.Select(list =>
                        (
                            words[$"figures.{list.Name}"],
                            (IReadOnlyList<(string, long)>)
                                [.. list.Rows.Select(row => (NameOf(list.Name, row, words), row.Clicks))]
                        )
                    )
                    .ToList(),
            }
        );
        PageHeaders.Set(http.Response, StatusCodes.Status200OK, policy: PageHeaders.Figures, words: words);
        await PageAnswer.SendAsync(http, body);
    }

    private static string NameOf(string list, FigureRow row, PageWords words) =>
        (list, row) switch
        {
            (_, { IsOther: true }) => words["figures.other"],
            ("referrers", { Value: null }) => words["figures.direct"],
            (_, { Value: null }) => words["figures.unknown"],
            ("countries", { Value: var code }) => CountryNames.Of(code, words.Language),
            ("devices", { Value: "desktop" or "mobile" or "tablet" }) => words[$"figures.{row.Value}"],
            _ => row.Value,
        };
}
